#pragma once

#include <ATen/core/Generator.h>

#include "esmm/config/model_config.h"
#include "esmm/model/method.h"

// What methods are put together from.
namespace esmm {

SharedEmbedding make_embedding(const ModelConfig& config, const ModelShape& shape,
                               const at::Generator& generator);

// base_rate: the training rate of what the tower predicts. Throws Error where the output bias cannot be its
// log-odds.
Tower make_tower(const ModelConfig& config, const ModelShape& shape, double base_rate,
                 const at::Generator& generator);

// The same with the hidden layers of the CVR tower.
Tower make_cvr_tower(const ModelConfig& config, const ModelShape& shape, double base_rate,
                     const at::Generator& generator);

// Loss terms that methods share, as means over the batch weighted by its sample weights:
//   "ctr"    BCE(click, pCTR)
//   "cvr"    BCE(conversion, pCVR) over the impressions that `weight` [B] (a mask, or more) chooses
//   "ctcvr"  BCE(click and conversion, pCTR * pCVR)
using LossTerm = LossTerms::value_type;
LossTerm ctr_term(const Outputs& outputs, const TensorBatch& batch);
LossTerm cvr_term(const Outputs& outputs, const TensorBatch& batch, const torch::Tensor& weight);
LossTerm ctcvr_term(const Outputs& outputs, const TensorBatch& batch);

// click / max(pCTR, floor) [B], double; no gradient goes through it.
torch::Tensor inverse_propensity(const Outputs& outputs, const TensorBatch& batch, double floor);

}  // namespace esmm
