#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <memory>

#include "esmm/model/tensor_batch.h"
#include "esmm/ops/bags.h"

namespace esmm {

struct SharedEmbeddingOptions {
  int64_t rows = 0;       // V
  int64_t fields = 0;     // F
  int64_t dimension = 16; // D
  double std = 1e-3;      // rows start as N(0, std^2)
};

// The embedding table that all towers of a network share, and its look-up: B x F bags -> [B, F * D].
// Autograd never sees a gradient of the table's size: backward() leaves a RowGradient here, which the table's optimiser takes.
class SharedEmbeddingImpl : public torch::nn::Module {
 public:
  explicit SharedEmbeddingImpl(const SharedEmbeddingOptions& options);

  // float [B, F * D] (the table's dtype).
  torch::Tensor forward(const TensorBatch& batch);

  // The gradient that the last backward() left, which is forgotten here. Throws InternalError where there is none or
  // where forward() ran twice before it.
  ops::RowGradient take_gradient();

  const SharedEmbeddingOptions& options() const { return options_; }
  torch::Tensor& table() { return table_; }  // [V, D]; never has a .grad()

 private:
  SharedEmbeddingOptions options_;
  torch::Tensor table_;
  std::shared_ptr<ops::RowGradient> gradient_;
};
TORCH_MODULE(SharedEmbedding);

}  // namespace esmm
