#include "esmm/model/base.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

Base::Base(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
    : ctr_embedding_(register_module("ctr_embedding", make_embedding(config, shape, generator))),
      cvr_embedding_(register_module("cvr_embedding", make_embedding(config, shape, generator))),
      ctr_tower_(register_module("ctr_tower", make_tower(config, shape, shape.base_ctr, generator))),
      cvr_tower_(register_module("cvr_tower", make_tower(config, shape, shape.base_cvr, generator))) {}

Outputs Base::forward(const TensorBatch& batch) {
  return {.ctr = ctr_tower_(ctr_embedding_(batch)), .cvr = cvr_tower_(cvr_embedding_(batch)), .extras = {}};
}

LossTerms Base::loss(const Outputs& outputs, const TensorBatch& batch) const {
  return {{"ctr", bce_with_logits(outputs.ctr, batch.click)},
          {"cvr", masked_bce_with_logits(outputs.cvr, batch.conversion, batch.click)}};
}

}  // namespace esmm
