#pragma once

#include "esmm/model/networks.h"

namespace esmm {

// ESMM-NS (Ma et al., SIGIR 2018, arXiv 1804.07931, section 3.1): ESMM without sharing, a table for each
// tower. The same terms as ESMM's, "ctr" and "ctcvr".
class EsmmNs : public TwoNetworks {
 public:
  EsmmNs(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : TwoNetworks(config, shape, shape.base_cvr, generator) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override;
};

}  // namespace esmm
