#pragma once

#include <torch/nn/module.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "esmm/config/model_config.h"
#include "esmm/config/train_config.h"
#include "esmm/features/schema.h"
#include "esmm/model/shared_embedding.h"
#include "esmm/model/tensor_batch.h"
#include "esmm/model/tower.h"

namespace esmm {

// What a method's networks say of a batch: logits [B] of its CTR and CVR heads, and what else its loss needs,
// by name.
struct Outputs {
  torch::Tensor ctr, cvr;
  std::map<std::string, torch::Tensor> extras;
};

// Scalars whose sum is minimised, by name ("ctr", "ctcvr", …); each a mean over the batch.
using LossTerms = std::vector<std::pair<std::string, torch::Tensor>>;

struct Probabilities {
  torch::Tensor ctr, cvr, ctcvr;  // [B]; ctcvr = ctr * cvr
};

// A table and the tower on it: logit [B].
struct Head {
  SharedEmbedding embedding{nullptr};
  Tower tower{nullptr};

  torch::Tensor logit(const TensorBatch& batch) { return tower(embedding(batch), batch); }
};

// What the logit b of the CVR head is, beside that of the CTR head, a.
enum class CvrHead {
  cvr,    // pCVR = sigmoid(b)
  ctcvr,  // pCTCVR = sigmoid(b), and pCVR = min(1, sigmoid(b) / sigmoid(a))
};

// What a model is built for.
struct ModelShape {
  int64_t table_rows = 0;  // V
  Schema schema;
  double base_ctr = 0.5;  // training base rates: clicks / impressions,
  double base_cvr = 0.5;  // conversions / clicks; used where output_bias is base_rate
};

// A way to learn pCTR and pCVR. The trainer, the evaluation and the export know methods through this alone.
class Method : public torch::nn::Module {
 public:
  virtual Outputs forward(const TensorBatch& batch) = 0;

  // The terms that the method minimises, each times its factor in `loss_weights`. May draw from the global
  // random generator.
  LossTerms loss(const Outputs& outputs, const TensorBatch& batch) const;

  // pCTR, pCVR and pCTCVR = pCTR * pCVR, as heads and cvr_head_is say.
  Probabilities probabilities(const Outputs& outputs) const;

  // All that prediction needs.
  virtual Head ctr_head() const = 0;
  virtual Head cvr_head() const = 0;
  virtual CvrHead cvr_head_is() const { return CvrHead::cvr; }

  // How the towers multiply in training; in evaluation always in float.
  void set_precision(Precision precision);

  // Every table once, in a fixed order; and all other parameters, which the towers' optimiser owns.
  std::vector<SharedEmbedding> tables() const;
  std::vector<std::pair<std::string, torch::Tensor>> tower_parameters() const;

 protected:
  explicit Method(const ModelConfig& config) : loss_weights_(config.loss_weights) {}

 private:
  virtual LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const = 0;

  LossWeights loss_weights_;
};

// Registered names, and a new model by name. make_method throws ConfigError naming the nearest for an unknown
// name. Initial values depend on `seed` alone.
std::vector<std::string> method_names();
std::shared_ptr<Method> make_method(const ModelConfig& config, const ModelShape& shape, uint64_t seed);

}  // namespace esmm
