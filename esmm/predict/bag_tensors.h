#pragma once

#include "esmm/features/bags.h"
#include "esmm/features/vocabulary.h"
#include "esmm/features/field_group.h"

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace esmm::predict {

// What the exported module's *_pooled methods take.
struct BagTensors {
  torch::Tensor rows;                    // int64 [N]
  torch::Tensor offsets;                 // int64 [bags + 1]
  std::optional<torch::Tensor> weights;  // float [N], effective; none: all 1
};

// Throws Error, with `where` in it, for bags that do not hang together or are no multiple of the group's
// fields.
void require_bags(const KeyBags& keys, const FieldGroup& group, const std::string& where);

// Impressions begin .. end - 1 of `keys`.
BagTensors to_bag_tensors(const KeyBags& keys, int64_t begin, int64_t end, const FieldGroup& group,
                          const Vocabulary& vocabulary);

}  // namespace esmm::predict
