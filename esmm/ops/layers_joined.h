#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

// Several layers of one input as one layer, whose product keeps the processor busier than theirs.
namespace esmm::ops {

// What an autograd function gives for a weight [M, K] and a bias [M] whose rows are those of layers with
// `widths` M_i.
using ApplyLayers = std::function<std::vector<torch::Tensor>(
    const torch::Tensor& weight, const torch::Tensor& bias, const std::vector<int64_t>& widths)>;

// The outputs of layers of x: of all at once where products_take_columns(x), else of one after the other.
std::vector<torch::Tensor> apply_layers(const torch::Tensor& x, const std::vector<torch::Tensor>& weights,
                                        const std::vector<torch::Tensor>& biases, const ApplyLayers& apply);

// Each layer's columns of y [B, sum of M_i], which they share the memory of: for the outputs of an autograd
// function's forward().
std::vector<torch::Tensor> columns_of_layers(const torch::Tensor& y, const std::vector<int64_t>& widths);

}  // namespace esmm::ops
