#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// OVERSAMPLING (Weiss, SIGKDD Explorations 2004, as in Ma et al., SIGIR 2018, arXiv 1804.07931, section 3.1):
// BASE whose CVR network sees each conversion `sampling.copies` times (the paper tries 2, 3, 5 and 10), as a
// weight in the mean:
//   loss = BCE(click, pCTR) + BCE(conversion, pCVR) over the clicked, conversions copied      terms "ctr" and
//   "cvr"
// pCVR comes out too high, for odds that are `copies` times the true ones.
class Oversampling : public TwoNetworks {
 public:
  Oversampling(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : TwoNetworks(config, shape, shape.base_cvr, generator), copies_(config.sampling.copies) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;

  double copies_;
};

}  // namespace esmm
