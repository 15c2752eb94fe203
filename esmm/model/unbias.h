#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// UNBIAS (Zadrozny, ICML 2004, as in Ma et al., SIGIR 2018, arXiv 1804.07931, section 3.1): BASE whose CVR
// network sees the clicked after rejection sampling. What is clicked more easily is rejected more often, so
// that what is left looks like all impressions: a clicked one is kept with probability min(1, floor / pCTR),
// with the CTR network's pCTR of this step and floor = `propensity_floor`, below which impressions stay
// underrepresented.
//   loss = BCE(click, pCTR) + BCE(conversion, pCVR) over the kept      terms "ctr" and "cvr"
// Draws one uniform number per impression.
class Unbias : public TwoNetworks {
 public:
  Unbias(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : TwoNetworks(config, shape, shape.base_cvr, generator), floor_(config.propensity_floor) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;

  double floor_;
};

}  // namespace esmm
