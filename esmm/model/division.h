#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// DIVISION (Ma et al., SIGIR 2018, arXiv 1804.07931, section 3.1): two networks that share nothing learn pCTR
// and pCTCVR on all impressions, and pCVR is their ratio:
//   loss = BCE(click, pCTR) + BCE(click and conversion, pCTCVR)      terms "ctr" and "ctcvr"
//   pCVR = min(1, sigmoid(b) / sigmoid(a))                           a, b: logits of pCTR and pCTCVR
// Nothing keeps the second network below the first. Where the ratio would exceed 1 it is 1, and pCTCVR = pCTR
// * pCVR is then pCTR, less than what the second network says.
class Division : public TwoNetworks {
 public:
  Division(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : TwoNetworks(config, shape, shape.base_ctr * shape.base_cvr, generator) {}
  CvrHead cvr_head_is() const override { return CvrHead::ctcvr; }

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;
};

}  // namespace esmm
