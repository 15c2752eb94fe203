#include "esmm/data/mapped_labels.h"

#include <algorithm>
#include <cmath>

#include <arrow/array.h>

namespace esmm::data {

MappedLabels::MappedLabels(const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches,
                           const SplitColumnPlaces& places) {
  for (const auto& batch : batches) {
    add_labels(*batch, places);
    add_weights(*batch, places.click_weight, click_weight_);
    add_weights(*batch, places.conversion_weight, conversion_weight_);
  }
}

void MappedLabels::copy(std::span<const MappedRows::Place> places, const LabelTarget& target) const {
  const auto copy = [&](const auto& columns, float* to) {
    if (to == nullptr) return;
    for (const auto& [batch, row] : places) *to++ = static_cast<float>(columns[batch][row]);
  };
  copy(click_, target.click);
  copy(conversion_, target.conversion);
  copy(click_weight_, target.click_weight);
  copy(conversion_weight_, target.conversion_weight);
}

void MappedLabels::add_labels(const arrow::RecordBatch& batch, const SplitColumnPlaces& places) {
  const auto values = [&](int place) {
    return static_cast<const arrow::UInt8Array&>(*batch.column(place)).raw_values();
  };
  const uint8_t* const click = click_.emplace_back(values(places.click));
  const uint8_t* const conversion = conversion_.emplace_back(values(places.conversion));
  counts_.impressions += batch.num_rows();
  for (int64_t r = 0; r < batch.num_rows(); ++r) {
    counts_.clicks += click[r];
    counts_.conversions += conversion[r];
    good_ = good_ && click[r] <= 1 && conversion[r] <= click[r];
  }
}

// place -1: the split has none.
void MappedLabels::add_weights(const arrow::RecordBatch& batch, int place,
                               std::vector<const float*>& weights) {
  if (place < 0) return;
  const float* const values = static_cast<const arrow::FloatArray&>(*batch.column(place)).raw_values();
  good_ = good_ && std::all_of(values, values + batch.num_rows(),
                               [](float weight) { return weight >= 0 && std::isfinite(weight); });
  weights.push_back(values);
}

}  // namespace esmm::data
