#pragma once

#include <ATen/core/Generator.h>

#include "esmm/model/method.h"

namespace esmm {

// BASE, what ESMM is measured against (Ma et al., SIGIR 2018, arXiv 1804.07931, section 3.1, "BASE"): two
// networks that share nothing, each with a table and a tower of its own. CVR learns from clicked impressions
// alone:
//   loss = BCE(click, pCTR) + BCE(conversion, pCVR) over the clicked      terms "ctr" and "cvr"
class Base : public Method {
 public:
  Base(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator);

  Outputs forward(const TensorBatch& batch) override;
  LossTerms loss(const Outputs& outputs, const TensorBatch& batch) const override;
  Head ctr_head() const override { return {ctr_embedding_, ctr_tower_}; }
  Head cvr_head() const override { return {cvr_embedding_, cvr_tower_}; }

 private:
  SharedEmbedding ctr_embedding_;
  SharedEmbedding cvr_embedding_;
  Tower ctr_tower_;
  Tower cvr_tower_;
};

}  // namespace esmm
