#include "esmm/model/escm2_dr.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

Escm2Dr::Escm2Dr(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
    : SharedNetwork(config, shape, generator),
      floor_(config.propensity_floor),
      imputation_tower_(
          register_module("imputation_tower", make_cvr_tower(config, shape, /*base_rate=*/0.5, generator))) {}

Outputs Escm2Dr::forward(const TensorBatch& batch) {
  const Embedded x = embedding_(batch);
  const std::vector<torch::Tensor> logits = logits_of({ctr_tower_, cvr_tower_, imputation_tower_}, x, batch);
  return {.ctr = logits[0], .cvr = logits[1], .extras = {{"imputation", logits[2]}}};
}

LossTerms Escm2Dr::terms(const Outputs& outputs, const TensorBatch& batch) const {
  const torch::Tensor w = inverse_propensity(outputs, batch, floor_);
  const torch::Tensor imputed = torch::softplus(outputs.extras.at("imputation"));
  const torch::Tensor error = bce_rows(outputs.cvr, batch.conversion);
  const torch::Tensor rows = imputed + w * (error - imputed) + w * (error.detach() - imputed).square();
  return {ctr_term(outputs, batch),
          {"cvr", mean_loss(rows, batch.conversion_weight)},
          ctcvr_term(outputs, batch)};
}

}  // namespace esmm
