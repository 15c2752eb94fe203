#include "esmm/ops/layers_joined.h"

#include "esmm/ops/matrix_product.h"

namespace esmm::ops {

using torch::Tensor;

std::vector<Tensor> apply_layers(const Tensor& x, const std::vector<Tensor>& weights,
                                 const std::vector<Tensor>& biases, const ApplyLayers& apply) {
  std::vector<int64_t> widths;
  for (const Tensor& weight : weights) widths.push_back(weight.size(0));
  if (weights.size() > 1 && products_take_columns(x))
    return apply(torch::cat(weights), torch::cat(biases), widths);
  std::vector<Tensor> y;
  for (size_t i = 0; i < weights.size(); ++i) y.push_back(apply(weights[i], biases[i], {widths[i]})[0]);
  return y;
}

std::vector<Tensor> columns_of_layers(const Tensor& y, const std::vector<int64_t>& widths) {
  if (widths.size() == 1) return {y};
  std::vector<Tensor> columns;
  int64_t left = 0;
  for (const int64_t width : widths) {
    columns.push_back(y.narrow(1, left, width));
    left += width;
  }
  return columns;
}

}  // namespace esmm::ops
