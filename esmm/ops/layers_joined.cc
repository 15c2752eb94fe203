#include "esmm/ops/layers_joined.h"

namespace esmm::ops {

using torch::Tensor;

std::vector<int64_t> widths_of(const std::vector<Tensor>& weights) {
  std::vector<int64_t> widths;
  for (const Tensor& weight : weights) widths.push_back(weight.size(0));
  return widths;
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
