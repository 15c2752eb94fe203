#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// ESCM2-DR (Wang et al., SIGIR 2022, arXiv 2204.05125, sections 3.3 and 3.4): ESCM2-IPS made doubly robust. A
// third tower on the table imputes the CVR loss e = BCE(conversion, pCVR) of every impression, e^ =
// softplus(its logit):
//   loss = BCE(click, pCTR) + DR + BCE(click and conversion, pCTCVR)      terms "ctr", "cvr" and "ctcvr"
//   DR   = mean over impressions of e^ + w (e - e^) + w (e - e^)^2,   w = click / max(pCTR, floor)
// which is right on average if the propensity is or if the imputation is. The third part teaches the
// imputation alone, with e as a given number. No gradient goes through w; floor = `propensity_floor`.
// lambda_c and lambda_g of the paper are `loss_weights.cvr` and `loss_weights.ctcvr`.
class Escm2Dr : public SharedNetwork {
 public:
  Escm2Dr(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator);

  Outputs forward(const TensorBatch& batch) override;

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;

  double floor_;
  Tower imputation_tower_;
};

}  // namespace esmm
