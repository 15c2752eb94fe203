#include "esmm/config/validate.h"

#include <algorithm>
#include <utility>

#include "esmm/config/split_order.h"

namespace esmm::config {
namespace {

using NamedRange = std::pair<std::string, const SplitRange*>;

// Whether the bounds compare as they were meant; tells of those that do not.
bool validate_dates(const SplitConfig& split, Problems& problems) {
  const std::vector<SplitBound> failed = failed_dates(split);
  for (const SplitBound& bound : failed) {
    problems.add("data.split." + bound.key,
                 {.what = "not a date",
                  .expected = "a day of the calendar as YYYY-MM-DD, or a time as YYYY-MM-DDThh:mm[:ss]",
                  .got = std::string(bound.text),
                  .hint = looks_like_date(bound.text) ? "" : "where one bound is a date, all are"});
  }
  return failed.empty();
}

void validate_range(const NamedRange& named, const SplitOrder& order, Problems& problems) {
  const SplitRange& range = *named.second;
  const std::string path = "data.split." + named.first;
  if (!range.values.empty() && !(range.from.empty() && range.to.empty())) {
    problems.add_within(
        path, {.what = "values and a range contradict each other", .hint = "give values, or from and to"});
  } else if (range.values.empty() && order.intervals(range).front().empty()) {
    problems.add_within(path, {.what = "from lies behind to",
                               .got = "from " + range.from + " to " + range.to,
                               .hint = "swap them"});
  }
}

bool overlap(const std::vector<SplitInterval>& a, const std::vector<SplitInterval>& b) {
  return std::any_of(a.begin(), a.end(), [&](const SplitInterval& one) {
    return std::any_of(b.begin(), b.end(), [&](const SplitInterval& other) { return one.meets(other); });
  });
}

// Told of the range that --set changed, else of the later one.
void refuse_overlaps(const std::vector<NamedRange>& ranges, const SplitOrder& order, Problems& problems) {
  for (size_t j = 1; j < ranges.size(); ++j) {
    for (size_t i = 0; i < j; ++i) {
      if (!overlap(order.intervals(*ranges[i].second), order.intervals(*ranges[j].second))) continue;
      const std::string path = "data.split.";
      const bool first =
          problems.overridden(path + ranges[i].first) && !problems.overridden(path + ranges[j].first);
      const auto& [told, other] =
          first ? std::pair(ranges[i].first, ranges[j].first) : std::pair(ranges[j].first, ranges[i].first);
      problems.add_within(path + told,
                          {.what = "overlaps " + other,
                           .hint = "an impression belongs to one split; from and to are inclusive"});
    }
  }
}

void validate_by_column(const SplitConfig& split, const std::vector<NamedRange>& ranges, Problems& problems) {
  if (split.column.empty())
    problems.add("data.split.column", {.what = "missing", .hint = "split.by column needs the column"});
  const SplitOrder order(split);
  const bool comparable = validate_dates(split, problems);
  for (const NamedRange& range : ranges) {
    if (range.second->given()) {
      if (comparable) validate_range(range, order, problems);
    } else if (range.first != "validation") {
      problems.add("data.split." + range.first,
                   {.what = "missing", .hint = "split.by column needs from, to or values here"});
    }
  }
  if (problems.clean("data.split")) refuse_overlaps(ranges, order, problems);
}

// Told of a fraction that --set gave, else of the section.
void validate_fractions(const SplitConfig& split, Problems& problems) {
  if (split.validation_fraction + split.test_fraction < 1) return;
  std::string told = "data.split";
  for (const std::string path : {"data.split.validation_fraction", "data.split.test_fraction"}) {
    if (problems.overridden(path)) told = path;
  }
  problems.add(told, {.what = "validation_fraction and test_fraction leave nothing to train on",
                      .expected = "a sum below 1"});
}

void validate_by_source(const DataConfig& data, Problems& problems) {
  std::vector<std::string> splits;
  for (size_t i = 0; i < data.sources.size(); ++i) {
    const SourceConfig& source = data.sources[i];
    const bool joined = std::any_of(data.joins.begin(), data.joins.end(),
                                    [&](const JoinConfig& join) { return join.source == source.name; });
    const std::string path = entry_path("data.sources", i) + ".split";
    splits.push_back(source.split);
    if (joined && !source.split.empty()) {
      problems.add(path, {.what = "a joined source has no split", .got = source.split, .hint = "remove it"});
    } else if (!joined && source.split.empty()) {
      problems.add(path, {.what = "missing",
                          .expected = "train, validation or test",
                          .hint = "split.by source needs it of \"" + source.name + "\""});
    }
  }
  if (!problems.clean("data.sources")) return;
  for (const std::string name : {"train", "test"}) {
    if (std::find(splits.begin(), splits.end(), name) != splits.end()) continue;
    problems.add("data.split.by", {.what = "no source has split: " + name,
                                   .hint = "training and test impressions are both needed"});
  }
}

void refuse_unused(const DataConfig& data, const std::vector<NamedRange>& ranges, Problems& problems) {
  const std::string by = "used only with split.by ";
  if (data.split.by != SplitBy::column) {
    const Problem unused{
        .what = by + "column", .got = "by " + text_of(data.split.by), .hint = "remove it or change by"};
    if (!data.split.column.empty()) problems.add("data.split.column", unused);
    for (const auto& [name, range] : ranges) {
      if (range->given()) problems.add("data.split." + name, unused);
    }
  }
  if (data.split.by == SplitBy::source) return;
  for (size_t i = 0; i < data.sources.size(); ++i) {
    if (data.sources[i].split.empty()) continue;
    problems.add(
        entry_path("data.sources", i) + ".split",
        {.what = by + "source", .got = "by " + text_of(data.split.by), .hint = "remove it or change by"});
  }
}

}  // namespace

void validate_split(const DataConfig& data, Problems& problems) {
  const SplitConfig& split = data.split;
  if (!problems.clean("data.split")) return;
  const std::vector<NamedRange> ranges{
      {"train", &split.train}, {"validation", &split.validation}, {"test", &split.test}};
  refuse_unused(data, ranges, problems);
  if (split.by == SplitBy::column) validate_by_column(split, ranges, problems);
  if (split.by == SplitBy::source && problems.clean("data.sources") && problems.clean("data.joins"))
    validate_by_source(data, problems);
  if (split.by == SplitBy::fraction) validate_fractions(split, problems);
}

}  // namespace esmm::config
