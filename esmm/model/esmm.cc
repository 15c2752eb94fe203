#include "esmm/model/esmm.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

Esmm::Esmm(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
    : embedding_(register_module("embedding", make_embedding(config, shape, generator))),
      ctr_tower_(register_module("ctr_tower", make_tower(config, shape, shape.base_ctr, generator))),
      cvr_tower_(register_module("cvr_tower", make_tower(config, shape, shape.base_cvr, generator))) {}

Outputs Esmm::forward(const TensorBatch& batch) {
  const torch::Tensor x = embedding_(batch);
  return {.ctr = ctr_tower_(x), .cvr = cvr_tower_(x), .extras = {}};
}

LossTerms Esmm::loss(const Outputs& outputs, const TensorBatch& batch) const {
  return {{"ctr", bce_with_logits(outputs.ctr, batch.click)},
          {"ctcvr", product_bce_with_logits(outputs.ctr, outputs.cvr, batch.conversion)}};
}

}  // namespace esmm
