#include "esmm/model/networks.h"

#include "esmm/model/parts.h"

namespace esmm {

SharedNetwork::SharedNetwork(const ModelConfig& config, const ModelShape& shape,
                             const at::Generator& generator)
    : Method(config),
      embedding_(register_module("embedding", make_embedding(config, shape, generator))),
      ctr_tower_(register_module("ctr_tower", make_tower(config, shape, shape.base_ctr, generator))),
      cvr_tower_(register_module("cvr_tower", make_cvr_tower(config, shape, shape.base_cvr, generator))) {}

Outputs SharedNetwork::forward(const TensorBatch& batch) {
  const Embedded x = embedding_(batch);
  const std::vector<torch::Tensor> logits = logits_of({ctr_tower_, cvr_tower_}, x, batch);
  return {.ctr = logits[0], .cvr = logits[1], .extras = {}};
}

TwoNetworks::TwoNetworks(const ModelConfig& config, const ModelShape& shape, double cvr_base_rate,
                         const at::Generator& generator)
    : Method(config),
      ctr_embedding_(register_module("ctr_embedding", make_embedding(config, shape, generator))),
      cvr_embedding_(register_module("cvr_embedding", make_embedding(config, shape, generator))),
      ctr_tower_(register_module("ctr_tower", make_tower(config, shape, shape.base_ctr, generator))),
      cvr_tower_(register_module("cvr_tower", make_cvr_tower(config, shape, cvr_base_rate, generator))) {}

Outputs TwoNetworks::forward(const TensorBatch& batch) {
  return {.ctr = ctr_head().logit(batch), .cvr = cvr_head().logit(batch), .extras = {}};
}

}  // namespace esmm
