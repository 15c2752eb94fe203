#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "esmm/model/embedded.h"
#include "esmm/model/tensor_batch.h"
#include "esmm/ops/bags.h"

namespace esmm {

struct SharedEmbeddingOptions {
  int64_t rows = 0;                        // V
  int64_t fields = 0;                      // F
  int64_t dimension = 16;                  // D
  double std = 1e-3;                       // rows start as N(0, std^2)
  torch::ScalarType type = torch::kFloat;  // or bfloat16
};

// Where backward() leaves a table's gradient.
struct GradientSlot : torch::CustomClassHolder {
  std::optional<ops::TableGradient> gradient;
  bool overwritten = false;  // a second backward() came before the first gradient was taken
};

// The embedding table that all towers of a network share, and its look-up: B x F bags -> [B, F * D].
// Autograd never sees a gradient of the table's size: backward() leaves the bags' gradients here as they are,
// and the table's optimiser takes them and sums them by row while it moves the rows. Where no gradient is
// asked for (torch::NoGradGuard), the look-up leaves nothing.
class SharedEmbeddingImpl : public torch::nn::Module {
 public:
  // generator: gives the initial values; none: the global one.
  explicit SharedEmbeddingImpl(const SharedEmbeddingOptions& options,
                               const std::optional<at::Generator>& generator = std::nullopt);

  // The table's sum_type, or set_training_type's. Throws Error for ids and offsets that do not fit
  // (ops/bags.h).
  Embedded forward(const TensorBatch& batch);

  // What look-ups of a table that is not double give in training, float or bfloat16.
  void set_training_type(torch::ScalarType type) { training_type_ = type; }

  // The gradient that the last backward() left, which is forgotten here. Throws InternalError where there is
  // none, or where backward() ran more than once since the last call.
  ops::TableGradient take_gradient();

  const SharedEmbeddingOptions& options() const { return options_; }
  torch::Tensor& table() { return table_; }  // [V, D]; requires grad, but never has a .grad()
  const torch::Tensor& table() const { return table_; }

 private:
  SharedEmbeddingOptions options_;
  torch::Tensor table_;
  torch::ScalarType training_type_ = torch::kFloat;
  c10::intrusive_ptr<GradientSlot> slot_ = c10::make_intrusive<GradientSlot>();
};
TORCH_MODULE(SharedEmbedding);

}  // namespace esmm
