#pragma once

#include <cstdint>
#include <span>

#include "esmm/data/dataset.h"
#include "esmm/features/field_group.h"
#include "esmm/model/tensor_batch.h"

namespace esmm::train {

// Bags of a group of fields, as tensors of the host.
ops::TableBags gather_bags(const data::Split& split, std::span<const int64_t> impressions,
                           const FieldGroup& group);

// Impressions of a split as tensors: the same as to_tensors() of what the split gathers, written where it
// stays. Thread-safe.
class Gather {
 public:
  // users_apart: TensorBatch::users is set. The split outlives the object.
  Gather(const data::Split& split, bool users_apart);

  TensorBatch operator()(std::span<const int64_t> impressions) const;

 private:
  const data::Split& split_;
  bool users_apart_;
  FieldGroup users_, others_;  // others: all fields, where users are not apart
};

}  // namespace esmm::train
