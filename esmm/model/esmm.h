#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// ESMM, the Entire Space Multi-Task Model (Ma et al., SIGIR 2018, arXiv 1804.07931, section 2.3 and figure
// 2). One embedding table, two towers on it, and two tasks that every impression has an answer to (equations
// 2 and 3):
//   pCTCVR = pCTR * pCVR
//   loss   = BCE(click, pCTR) + BCE(click and conversion, pCTCVR)      terms "ctr" and "ctcvr"
// pCVR has no loss of its own: its tower learns through pCTCVR alone, on all impressions.
class Esmm : public SharedNetwork {
 public:
  Esmm(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : SharedNetwork(config, shape, generator) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;
};

}  // namespace esmm
