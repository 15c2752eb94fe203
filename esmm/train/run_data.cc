#include "esmm/train/run_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/log.h"
#include "esmm/train/compare_configs.h"

namespace esmm::train {
namespace {

// Names of the fields with other quantiles, which are fitted to the data, where nothing else differs: what
// else a schema says is of the config.
std::vector<std::string> other_quantiles(Schema a, Schema b) {
  std::vector<std::string> names;
  for (size_t i = 0; i < std::min(a.fields.size(), b.fields.size()); ++i) {
    Buckets &one = a.fields[i].buckets, &other = b.fields[i].buckets;
    if (one.method != BucketMethod::quantiles || one.edges == other.edges) continue;
    names.push_back(a.fields[i].name);
    one.edges = other.edges;
  }
  return schema_to_json(a) == schema_to_json(b) ? names : std::vector<std::string>();
}

[[noreturn]] void throw_other(const std::string& what, const std::filesystem::path& folder) {
  throw Error(
      {.what = "the data set has " + what + " than the run's",
       .where = folder.string(),
       .hint = "evaluate on the data set that the run was trained on, or score new files with esmm predict"});
}

// The first difference between what the run's data set was prepared with, "then", and what this one was; ""
// where there is none.
std::string difference_of(const Run& run, const data::Dataset& dataset) {
  try {
    require_same_data(parse_config(dataset.info().config, "data set", run.config.data.path), run.config);
  } catch (const ConfigError& difference) {
    const Problem& first = difference.problems().front();
    return first.where + ": " + first.got + " then, " + first.expected + " now";
  }
  return "";
}

void require_same_vocabulary(const Run& run, const data::Dataset& dataset) {
  const data::DatasetInfo& info = dataset.info();
  const std::vector<std::string> quantiles = other_quantiles(info.schema, run.schema);
  if (!quantiles.empty())
    throw_other(fmt::format("other quantiles in {}", fmt::join(quantiles, ", ")), dataset.folder());
  if (schema_to_json(info.schema) != schema_to_json(run.schema))
    throw_other("other fields", dataset.folder());
  if (info.table_rows != run.table_rows || !std::ranges::equal(dataset.vocabulary().keys(), run.vocabulary))
    throw_other("another vocabulary", dataset.folder());
}

std::string why_not_held_out(const Run& run, const data::Dataset& dataset) {
  if (!run.dataset.empty() && run.dataset == dataset.info().digest) return "";
  const std::string difference = difference_of(run, dataset);
  if (run.dataset.empty() && difference.empty()) return "";  // an older file: no more is known
  return "the data set " +
         (difference.empty()
              ? "holds other impressions than the one that the run was trained on"
              : "was prepared in another way than the one that the run was trained on (" + difference + ")") +
         ", so any of its splits may hold impressions that the run learnt from";
}

}  // namespace

std::string check_data_of(const Run& run, const data::Dataset& dataset) {
  require_same_vocabulary(run, dataset);
  std::string why = why_not_held_out(run, dataset);
  if (!why.empty()) log::warn("{}", why);
  return why;
}

}  // namespace esmm::train
