#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// AMAN, "all missing as negative" (Pan et al., ICDM 2008, as in Ma et al., SIGIR 2018, arXiv 1804.07931,
// section 3.1): BASE whose CVR network also sees unclicked impressions, as no conversions, a random share of
// them in each epoch (`sampling.unclicked`; the paper tries 0.1, 0.2, 0.5 and 1):
//   loss = BCE(click, pCTR) + BCE(conversion, pCVR) over clicked and drawn      terms "ctr" and "cvr"
// pCVR falls short by the unclicked that would have converted. Draws one uniform number per impression.
class Aman : public TwoNetworks {
 public:
  Aman(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : TwoNetworks(config, shape, shape.base_cvr, generator), share_(config.sampling.unclicked) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;

  double share_;
};

}  // namespace esmm
