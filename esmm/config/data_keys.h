#pragma once

#include <array>

#include "esmm/config/data_config.h"
#include "esmm/config/rule.h"

// The tables of section data.
namespace esmm::config {

template <>
struct Names<SourceFormat> {
  static constexpr std::array all{"auto", "csv", "parquet", "ali_ccp"};
};
template <>
struct Names<SplitBy> {
  static constexpr std::array all{"column", "fraction", "source"};
};
template <>
struct Names<VocabularyMode> {
  static constexpr std::array all{"exact", "hashed"};
};
template <>
struct Names<FieldKind> {
  static constexpr std::array all{"categorical", "multi", "numeric", "crossed"};
};
template <>
struct Names<ValueType> {
  static constexpr std::array all{"string", "integer"};
};
template <>
struct Names<Pooling> {
  static constexpr std::array all{"sum", "mean"};
};
template <>
struct Names<Side> {
  static constexpr std::array all{"user", "item", "context"};
};
template <>
struct Names<BucketMethod> {
  static constexpr std::array all{"edges", "quantiles", "log2"};
};

template <>
struct Names<Placement> {
  static constexpr std::array all{"host", "device"};
};

template <class Visitor>
void describe(Keys<SourceConfig>, Visitor&& visit) {
  using T = SourceConfig;
  visit("name", &T::name, required(), "what joins and messages call it");
  visit("format", &T::format, any(),
        "auto: by the file's name (.csv, .tsv, either with .gz, .parquet); ali_ccp: the two-file text of "
        "Ali-CCP");
  visit("paths", &T::paths, required(),
        "file or glob, or a list of them, read in order; ali_ccp: skeleton files");
  visit("common", &T::common, any(), "ali_ccp: the common-features files of these skeletons");
  visit("split", &T::split, one_of({"", "train", "validation", "test"}),
        "split.by source: which split these impressions are");
  visit("delimiter", &T::delimiter, any(),
        "csv: the byte between columns, `\\t` for a tab; empty: a tab in .tsv files, a comma in others");
}

template <class Visitor>
void describe(Keys<JoinConfig>, Visitor&& visit) {
  using T = JoinConfig;
  visit("source", &T::source, required(), "source whose columns the impressions take");
  visit("key", &T::key, required(), "column of the impressions");
  visit("right_key", &T::right_key, any(), "column of the source; empty: the same name");
  visit("required", &T::required, any(),
        "true: an impression whose key is not there is rejected; false: its values are missing");
}

template <class Visitor>
void describe(Keys<DerivedConfig>, Visitor&& visit) {
  using T = DerivedConfig;
  visit("name", &T::name, required(),
        "the new column; where the impressions have one of that name, theirs is taken");
  visit("column", &T::column, required(), "the column that it is computed from");
  visit("divide", &T::divide, at_least(1), "the value divided by this, rounded down");
  visit("hour_of", &T::hour_of, one_of({"", "seconds", "milliseconds", "iso8601"}),
        "hour of day 0-23 of a time in this form (seconds, milliseconds: since 1970; iso8601: "
        "YYYY-MM-DDThh:mm[:ss[.s]], T or a space, in UTC unless Z or an offset like +08:00 follows). An "
        "empty value stays "
        "missing; a "
        "date without a time has no hour and is rejected");
  visit("utc_offset_minutes", &T::utc_offset_minutes, between(-720, 840),
        "hour_of: local time's offset, minutes");
}

template <class Visitor>
void describe(Keys<LabelsConfig>, Visitor&& visit) {
  using T = LabelsConfig;
  visit("click", &T::click, required(),
        "column that holds 0 or 1 (true and false too); an empty value is none of them and is rejected");
  visit("conversion", &T::conversion, required(),
        "column that holds the same. In a joined source it wants a line for every impression, with 0 where "
        "there "
        "was no conversion: a key that is not there leaves the value empty");
  visit("conversion_requires_click", &T::conversion_requires_click, any(),
        "true: conversion is ANDed with click, changes are counted; false: a conversion without a click is "
        "rejected");
  visit("click_weight", &T::click_weight, any(),
        "column of a finite number >= 0: the impression's weight in the loss of clicks (ctr); empty: all 1. "
        "Evaluation and base rates stay unweighted");
  visit("conversion_weight", &T::conversion_weight, any(),
        "the same for the losses of conversions (cvr, ctcvr)");
}

template <class Visitor>
void describe(Keys<TruthConfig>, Visitor&& visit) {
  using T = TruthConfig;
  visit("p_ctr", &T::p_ctr, any(), "column of the true pCTR, where the logs were generated");
  visit("p_cvr", &T::p_cvr, any(), "column of the true pCVR");
}

template <class Visitor>
void describe(Keys<SplitRange>, Visitor&& visit) {
  using T = SplitRange;
  visit("from", &T::from, any(),
        "first value, inclusive; empty: no bound. data.split.column says how values compare");
  visit("to", &T::to, any(), "last value, inclusive; empty: no bound");
  visit("values", &T::values, any(), "single values instead of from and to");
}

template <class Visitor>
void describe(Keys<SplitConfig>, Visitor&& visit) {
  using T = SplitConfig;
  visit("by", &T::by, any(),
        "column: ranges of a column; fraction: seeded, of impressions; source: each source says its split");
  visit("column", &T::column, any(),
        "by column: the column; impressions in no range are left out and counted. The bounds of train, "
        "validation "
        "and test decide together how its values compare: as numbers, where all bounds are numbers; by the "
        "day, "
        "where all are dates (`2026-03-24`), a bound holding all times of its day, in the zone they are "
        "written "
        "in; by the time, in UTC, where some have a time of day (`2026-03-24T18:00`, `2026-03-24 "
        "18:00:00+08:00`), "
        "a bound holding all of the day, minute or second that it names; else as texts. `prepare` rejects a "
        "value "
        "that has no place there: an empty one or a date among numbers, a number or a date written in "
        "another way "
        "among dates, a date without a time among times. `predict` needs no split and does not look at it");
  visit("train", &T::train, any(), "by column: values of training impressions");
  visit("validation", &T::validation, any(), "by column: values of validation impressions; may be absent");
  visit("test", &T::test, any(), "by column: values of test impressions");
  visit("validation_fraction", &T::validation_fraction, below_one(), "by fraction: share of the impressions");
  visit("test_fraction", &T::test_fraction, inside_one(), "by fraction: share of the impressions");
  visit("seed", &T::seed, any(), "by fraction: another seed, another split");
}

template <class Visitor>
void describe(Keys<VocabularyConfig>, Visitor&& visit) {
  using T = VocabularyConfig;
  visit("mode", &T::mode, any(), "exact: a row per known key; hashed: row = key modulo 2^hash_bits");
  visit("min_frequency", &T::min_frequency, at_least(1),
        "exact: keys in fewer training impressions go to their field's unknown row");
  visit("hash_bits", &T::hash_bits, between(1, 30), "hashed: the table has 2^hash_bits rows");
}

template <class Visitor>
void describe(Keys<Buckets>, Visitor&& visit) {
  using T = Buckets;
  visit("method", &T::method, any(),
        "edges: as given; quantiles: fitted on training impressions; log2: by magnitude");
  visit("edges", &T::edges, any(), "edges: rising numbers; the bucket is how many of them are <= the number");
  visit("count", &T::count, between(2, 65536), "quantiles: buckets wanted");
  visit("steps", &T::steps, between(1, 64), "log2: buckets per doubling");
}

template <class Visitor>
void describe(Keys<Field>, Visitor&& visit) {
  using T = Field;
  visit("name", &T::name, required(), "name of the input; or names: [a, b, ...] for several fields alike");
  visit("column", &T::column, any(), "raw column; empty: the field's name");
  visit("kind", &T::kind, any(),
        "categorical: one value; multi: any number of values; numeric: a number, bucketed; crossed: two "
        "fields together");
  visit("type", &T::type, any(), "string: text as it stands; integer: canonical decimal, 1.0 and 01 are 1");
  visit("side", &T::side, any(),
        "whose property it is; the user's part of a request is computed once for all items; ali_ccp: user "
        "fields are read from the common features, others from the skeleton");
  visit("pooling", &T::pooling, any(), "multi: how a bag's rows become one");
  visit("separator", &T::separator, any(),
        "multi: text between values (a Parquet list is taken as it is), empty values left out with their "
        "weights; empty: the column is a list");
  visit("weights", &T::weights, any(),
        "multi: column of per-value weights, a list or text that `separator` splits; empty: all 1");
  visit("shares", &T::shares, any(), "field whose keys and table rows this one uses; empty: its own");
  visit("cross", &T::cross, any(), "crossed: the two fields");
  visit("buckets", &T::buckets, any(), "numeric: how a number becomes a bucket");
}

template <class Visitor>
void describe(Keys<DataConfig>, Visitor&& visit) {
  using T = DataConfig;
  visit("path", &T::path, required(), "folder of the prepared data set");
  visit(
      "placement", &T::placement, any(),
      "where training keeps its impressions: host: in the data set's files, read by windows; device: all of "
      "them in the memory of train.device, where batches are put together. The order is the same");
  visit("sources", &T::sources, required(), "the raw files; a source that no join names holds impressions");
  visit(
      "joins", &T::joins, any(),
      "columns that impressions take from other sources, by key; one that they have themselves stays theirs");
  visit("derived", &T::derived, any(), "columns computed from others; each says divide or hour_of");
  visit("labels", &T::labels, any(), "click and conversion, and their weights in training");
  visit("truth", &T::truth, any(), "true probabilities, where the logs were generated");
  visit("split", &T::split, any(), "which impressions train, validate and test");
  visit("id", &T::id, any(),
        "column whose values must differ from line to line, in what is scored later too; empty: no such "
        "column");
  visit("group_by", &T::group_by, any(), "column that GAUC groups by; empty: none");
  visit("vocabulary", &T::vocabulary, any(), "from keys to table rows");
  visit("fields", &T::fields, required(), "the model's inputs");
  visit("max_rejected", &T::max_rejected, between(0, 1),
        "share of a source's lines; more rejected ones stop `prepare`, and `predict` unless --max-rejected "
        "allows them");
}

}  // namespace esmm::config
