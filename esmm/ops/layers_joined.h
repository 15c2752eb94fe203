#pragma once

#include <torch/types.h>

#include <vector>

// Several layers of one input as one layer, whose product keeps the processor busier than theirs.
namespace esmm::ops {

// M_i of each.
std::vector<int64_t> widths_of(const std::vector<torch::Tensor>& weights);

// Each layer's columns of y [B, sum of M_i], which they share the memory of: for the outputs of an autograd
// function's forward().
std::vector<torch::Tensor> columns_of_layers(const torch::Tensor& y, const std::vector<int64_t>& widths);

}  // namespace esmm::ops
