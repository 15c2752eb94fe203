#include "esmm/model/parts.h"

#include <cmath>
#include <string>

#include "esmm/core/error.h"

namespace esmm {
namespace {

double output_bias(OutputBias start, double base_rate) {
  if (start == OutputBias::zero) return 0.0;
  if (base_rate > 0 && base_rate < 1) return std::log(base_rate) - std::log1p(-base_rate);
  throw Error(Problem{.what = "the log-odds of a base rate are infinite",
                      .where = "model.output_bias",
                      .expected = "a training base rate between 0 and 1",
                      .got = std::to_string(base_rate),
                      .hint = "set model.output_bias to zero"});
}

}  // namespace

SharedEmbedding make_embedding(const ModelConfig& config, const ModelShape& shape,
                               const at::Generator& generator) {
  return SharedEmbedding(SharedEmbeddingOptions{.rows = shape.table_rows,
                                                .fields = shape.schema.size(),
                                                .dimension = config.dimension,
                                                .std = config.table_std},
                         generator);
}

Tower make_tower(const ModelConfig& config, const ModelShape& shape, double base_rate,
                 const at::Generator& generator) {
  return Tower(TowerOptions{.inputs = shape.schema.size() * config.dimension,
                            .layers = config.layers,
                            .dropout = config.dropout,
                            .output_bias = output_bias(config.output_bias, base_rate)},
               generator);
}

}  // namespace esmm
