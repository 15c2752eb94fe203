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

}  // namespace esmm
