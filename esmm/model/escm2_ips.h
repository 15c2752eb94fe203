#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// ESCM2-IPS (Wang et al., SIGIR 2022, arXiv 2204.05125, sections 3.2 and 3.4): ESMM with a CVR loss on the
// clicked, each weighted by its inverse propensity, so that its expectation is that over all impressions:
//   loss = BCE(click, pCTR) + IPS + BCE(click and conversion, pCTCVR)      terms "ctr", "cvr" and "ctcvr"
//   IPS  = mean over impressions of click / max(pCTR, floor) * BCE(conversion, pCVR)
// No gradient goes through the propensity, and floor = `propensity_floor` bounds its inverse. The paper's
// lambda_c and lambda_g are `loss_weights.cvr` and `loss_weights.ctcvr`.
class Escm2Ips : public SharedNetwork {
 public:
  Escm2Ips(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : SharedNetwork(config, shape, generator), floor_(config.propensity_floor) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;

  double floor_;
};

}  // namespace esmm
