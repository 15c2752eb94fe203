#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// DCMT, direct entire-space causal multi-task learning (Zhu et al., ICDE 2023, arXiv 2302.06141, sections
// III.C and III.D). Beside pCVR, which learns from the clicked, a twin tower on the table predicts the
// counterfactual pCVR* of the unclicked, whose label is 1 - conversion, and the two are told to add up to 1:
//   loss = BCE(click, pCTR) + FC + BCE(click and conversion, pCTCVR)      terms "ctr", "cvr" and "ctcvr"
//   FC   = sum of w BCE(conversion, pCVR) / sum of w + sum of w* BCE(1 - conversion, pCVR*) / sum of w*
//          + counterfactual_weight * mean of |1 - (pCVR + pCVR*)|
//   w    = click / max(pCTR, floor),   w* = (1 - click) / max(1 - pCTR, floor)
// (self-normalised inverse propensities over all impressions). No gradient goes through w and w*; floor =
// `propensity_floor`.
class Dcmt : public SharedNetwork {
 public:
  Dcmt(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator);

  Outputs forward(const TensorBatch& batch) override;

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;

  double floor_, counterfactual_weight_;
  Tower counterfactual_tower_;
};

}  // namespace esmm
