#include "esmm/model/dcmt.h"

#include "esmm/model/losses.h"
#include "esmm/model/parts.h"

namespace esmm {

Dcmt::Dcmt(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
    : SharedNetwork(config, shape, generator),
      floor_(config.propensity_floor),
      counterfactual_weight_(config.counterfactual_weight),
      counterfactual_tower_(register_module("counterfactual_tower",
                                            make_cvr_tower(config, shape, 1 - shape.base_cvr, generator))) {}

Outputs Dcmt::forward(const TensorBatch& batch) {
  const Embedded x = embedding_(batch);
  const std::vector<torch::Tensor> logits =
      logits_of({ctr_tower_, cvr_tower_, counterfactual_tower_}, x, batch);
  return {.ctr = logits[0], .cvr = logits[1], .extras = {{"counterfactual", logits[2]}}};
}

LossTerms Dcmt::terms(const Outputs& outputs, const TensorBatch& batch) const {
  const torch::Tensor w = inverse_propensity(outputs, batch, floor_);
  const torch::Tensor no_click = outputs.ctr.detach().to(torch::kDouble).neg().sigmoid();  // 1 - pCTR
  const torch::Tensor unclicked_w = (1 - batch.click) / no_click.clamp_min(floor_);
  const torch::Tensor& counterfactual = outputs.extras.at("counterfactual");
  const torch::Tensor gap = (1 - outputs.cvr.sigmoid() - counterfactual.sigmoid()).abs();
  const torch::Tensor& weight = batch.conversion_weight;
  const torch::Tensor cvr =
      mean_loss(bce_rows(outputs.cvr, batch.conversion), times(weight, w)) +
      mean_loss(bce_rows(counterfactual, 1 - batch.conversion), times(weight, unclicked_w)) +
      counterfactual_weight_ * mean_loss(gap, weight);
  return {ctr_term(outputs, batch), {"cvr", cvr}, ctcvr_term(outputs, batch)};
}

}  // namespace esmm
