#include "esmm/model/parts.h"

#include <cmath>
#include <string>

#include "esmm/core/error.h"
#include "esmm/features/field_group.h"
#include "esmm/model/losses.h"

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
  return SharedEmbedding(
      SharedEmbeddingOptions{
          .rows = shape.table_rows,
          .fields = shape.schema.size(),
          .dimension = config.dimension,
          .std = config.table_std,
          .type = config.table_type == TableType::bfloat16 ? torch::kBFloat16 : torch::kFloat},
      generator);
}

Tower make_tower(const ModelConfig& config, const ModelShape& shape, double base_rate,
                 const at::Generator& generator) {
  return Tower(TowerOptions{.inputs = shape.schema.size() * config.dimension,
                            .layers = config.layers,
                            .activation = config.activation,
                            .batch_norm = config.batch_norm,
                            .dropout = config.dropout,
                            .output_bias = output_bias(config.output_bias, base_rate),
                            .wide_rows = config.wide ? shape.table_rows : 0,
                            .fields = shape.schema.size(),
                            .sides = {.rows = item_fields(shape.schema).fields,
                                      .users = user_fields(shape.schema).fields,
                                      .width = config.dimension}},
               generator);
}

Tower make_cvr_tower(const ModelConfig& config, const ModelShape& shape, double base_rate,
                     const at::Generator& generator) {
  ModelConfig of_cvr = config;
  of_cvr.layers = config.cvr_layers.value_or(config.layers);
  return make_tower(of_cvr, shape, base_rate, generator);
}

LossTerm ctr_term(const Outputs& outputs, const TensorBatch& batch) {
  return {"ctr", mean_loss(bce_rows(outputs.ctr, batch.click), batch.click_weight)};
}

LossTerm cvr_term(const Outputs& outputs, const TensorBatch& batch, const torch::Tensor& weight) {
  return {"cvr", mean_loss(bce_rows(outputs.cvr, batch.conversion), times(batch.conversion_weight, weight))};
}

LossTerm ctcvr_term(const Outputs& outputs, const TensorBatch& batch) {
  return {"ctcvr",
          mean_loss(product_bce_rows(outputs.ctr, outputs.cvr, batch.conversion), batch.conversion_weight)};
}

torch::Tensor inverse_propensity(const Outputs& outputs, const TensorBatch& batch, double floor) {
  return batch.click.to(torch::kDouble) / outputs.ctr.detach().to(torch::kDouble).sigmoid().clamp_min(floor);
}

}  // namespace esmm
