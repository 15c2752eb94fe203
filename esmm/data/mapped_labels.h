#pragma once

#include <memory>
#include <span>
#include <vector>

#include <arrow/record_batch.h>

#include "esmm/data/dataset.h"
#include "esmm/data/dataset_layout.h"
#include "esmm/data/mapped_rows.h"

namespace esmm::data {

// Labels and sample weights in memory-mapped batches, which outlive the object. All are read once at the
// start: training relies on them.
class MappedLabels {
 public:
  MappedLabels(const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches,
               const SplitColumnPlaces& places);

  // Whether labels are 0 or 1, none converted without a click, and weights are finite and not below 0.
  bool good() const { return good_; }
  const SplitCounts& counts() const { return counts_; }
  void copy(std::span<const MappedRows::Place> places, const LabelTarget& target) const;

 private:
  void add_labels(const arrow::RecordBatch& batch, const SplitColumnPlaces& places);
  void add_weights(const arrow::RecordBatch& batch, int place, std::vector<const float*>& weights);

  std::vector<const uint8_t*> click_, conversion_;              // per batch
  std::vector<const float*> click_weight_, conversion_weight_;  // per batch; empty: none
  SplitCounts counts_;
  bool good_ = true;
};

}  // namespace esmm::data
