#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// BASE, what ESMM is measured against (Ma et al., SIGIR 2018, arXiv 1804.07931, section 3.1): two networks
// that share nothing. CVR learns from clicked impressions alone:
//   loss = BCE(click, pCTR) + BCE(conversion, pCVR) over the clicked      terms "ctr" and "cvr"
class Base : public TwoNetworks {
 public:
  Base(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : TwoNetworks(config, shape, shape.base_cvr, generator) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;
};

}  // namespace esmm
