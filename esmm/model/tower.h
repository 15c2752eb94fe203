#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "esmm/model/activation.h"
#include "esmm/model/batch_norm.h"
#include "esmm/model/embedded.h"
#include "esmm/model/shared_embedding.h"
#include "esmm/model/tensor_batch.h"
#include "esmm/ops/sided_linear.h"

namespace esmm {

struct TowerOptions {
  int64_t inputs = 0;                         // F * D
  std::vector<int64_t> layers{360, 200, 80};  // units of the hidden layers
  Activation activation = Activation::relu;
  bool batch_norm = false;   // of each hidden layer, before its activation
  double dropout = 0.0;      // after each activation
  double output_bias = 0.0;  // log-odds at the start
  int64_t wide_rows = 0;     // V: adds a linear term over the table's rows; 0: none
  int64_t fields = 0;        // F; used with wide_rows
  ops::Sides sides{};  // columns of the inputs that are the users' and others'; used where users are apart
};

class Tower;

// A multi-layer perceptron [B, inputs] -> logit [B], and where it is wide a linear term on the same bags
// (Cheng et al., DLRS 2016): logit += sum over the impression's ids of weight * wide row. Weights start as He
// normal (He et al. 2015), biases and wide rows as 0. Its parts are named hidden_0, norm_0, activation_0,
// hidden_1, ..., output and wide.
class TowerImpl : public torch::nn::Module {
 public:
  // generator: gives the initial values; none: the global one. Dropout draws from the global one.
  explicit TowerImpl(const TowerOptions& options,
                     const std::optional<at::Generator>& generator = std::nullopt);

  // x: the embedding of `batch`, which the wide term looks up again. The hidden layers multiply in x's type;
  // the logit is float (double where x is).
  torch::Tensor forward(const Embedded& x, const TensorBatch& batch);

  struct Hidden {
    torch::nn::Linear linear{nullptr};
    BatchNorm norm{nullptr};  // empty without batch normalisation
    ActivationLayer activation{nullptr};

    // Whether the product does all that the layer does.
    bool is_fused() const { return activation->kind() == Activation::relu && !norm; }
  };
  const std::vector<Hidden>& hidden() const { return hidden_; }
  const torch::nn::Linear& output() const { return output_; }
  const SharedEmbedding& wide() const { return wide_; }  // [V, 1]; empty without a linear term

 private:
  friend std::vector<torch::Tensor> logits_of(std::vector<Tower> towers, const Embedded& x,
                                              const TensorBatch& batch);

  std::vector<torch::Tensor> multiply(const std::vector<torch::nn::Linear>& layers, const Embedded& x,
                                      bool relu) const;
  // What follows a hidden layer's product.
  torch::Tensor activated(Hidden& layer, torch::Tensor y, torch::ScalarType type) const;
  // The logit from the output of the first `done` hidden layers on.
  torch::Tensor logit_after(size_t done, Embedded x, const TensorBatch& batch);
  torch::Tensor sum_of_fields(const Embedded& wide) const;  // [B]

  double dropout_;
  ops::Sides sides_;
  std::vector<Hidden> hidden_;
  torch::nn::Linear output_{nullptr};
  SharedEmbedding wide_{nullptr};
};
TORCH_MODULE(Tower);

// The logits [B] of towers on one embedding, as each of them says it, where it can be with the products of
// their first layers as one.
std::vector<torch::Tensor> logits_of(std::vector<Tower> towers, const Embedded& x, const TensorBatch& batch);

}  // namespace esmm
