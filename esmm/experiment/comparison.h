#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "esmm/data/dataset.h"
#include "esmm/experiment/cell.h"
#include "esmm/experiment/entries.h"
#include "esmm/experiment/summary.h"

namespace esmm::experiment {

// An entry with the cells that are finished.
struct ComparedEntry {
  std::string name, method;
  std::vector<std::string> set;
  std::map<uint64_t, CellResult> cells;  // by seed

  std::vector<uint64_t> seeds() const;
  // Of one metric over the finished seeds; none where it does not apply to the head.
  std::optional<Summary> summary(const std::string& head, const std::string& metric) const;
};

// What `esmm compare` has found so far.
struct Comparison {
  std::string config;  // resolved, YAML
  std::filesystem::path dataset;
  std::string fingerprint;
  data::SplitCounts train, test;
  std::vector<uint64_t> seeds{};  // wanted
  std::vector<ComparedEntry> entries{};
  std::optional<size_t> baseline;  // the entry that others are tested against
  size_t external = 0;             // the entry whose pCTR is the external one

  // Two-sided p-value of the paired t-test of an entry against the baseline, over the seeds that both have.
  metrics::Value p_value(const ComparedEntry& entry, const std::string& head,
                         const std::string& metric) const;
  size_t finished() const;  // cells
};

// The heads of a comparison, in order: ctr, cvr, ctcvr, ctcvr_external, cvr_entire_space.
const std::vector<std::string>& compared_heads();

// comparison.json. A mean, standard deviation, p-value or seed's value that is undefined is null, beside
// "<key>_reason" (values: the reason stands at the mean). A metric that does not apply to a head is left out.
//   kind      "esmm comparison 1"
//   config    the resolved config that entries start from, YAML text
//   dataset   {path, fingerprint, train: {impressions, clicks, conversions}, test: {...}}
//   seeds     [1, 2, ...]: those wanted
//   cells     {wanted, finished}
//   baseline  name of the entry that p-values are against, or null
//   external  name of the entry whose pCTR head ctcvr_external takes
//   entries   [{name, method, set: ["model.dropout=0.2", ...],
//               seeds: [1, ...]: those finished; every `values` below has one value for each,
//               parameters: count, or null where no seed is finished,
//               train_seconds, samples_per_second: {mean, std, values},
//               heads: {ctr: {space: "impressions" | "clicks", rows, positives,
//                             metrics: {auc: {mean, std, values, p_value}, gauc: ..., logloss: ..., ...}},
//                       cvr, ctcvr, ctcvr_external, cvr_entire_space (where the truth is known)}}]
// std is the sample standard deviation; samples_per_second counts validations and checkpoints in.
std::string to_json(const Comparison& comparison);

// comparison.md: the tables for people.
std::string to_markdown(const Comparison& comparison);
// Its first table alone.
std::string summary_table(const Comparison& comparison);

}  // namespace esmm::experiment
