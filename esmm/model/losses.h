#pragma once

#include <torch/types.h>

namespace esmm {

// Row losses on logits, in log space: no clamp, no epsilon, finite to |logit| 1000. Each gives double [B],
// whatever the logits' dtype; gradients are closed forms, worked out in double.

// Binary cross-entropy of label [B] (0 to 1) and p = sigmoid(logit [B]).
torch::Tensor bce_rows(const torch::Tensor& logit, const torch::Tensor& label);

// Binary cross-entropy of label [B] and p = sigmoid(a) * sigmoid(b), a and b [B] (Ma et al. 2018, eq. 3,
// CTCVR term). With L = log p = logsigmoid(a) + logsigmoid(b):
//   log(1 - p) = log1p(-exp L)                            where exp(L) <= 1/2
//              = logsumexp(-a, -b, -a-b) + L              elsewhere
//   d log(1 - p) / da = -exp(logsigmoid(-a) - logsumexp(-a, -b, -a-b))
torch::Tensor product_bce_rows(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& label);

// sum of weight * rows / sum of weight: a double scalar. weight [B], not negative: a mask, sample weights or
// their product; undefined: all 1. 0 (with zero gradient) where the weights sum to 0. No gradient goes to the
// weights.
torch::Tensor mean_loss(const torch::Tensor& rows, const torch::Tensor& weight = {});

// weight * factor, where an undefined weight is all 1.
torch::Tensor times(const torch::Tensor& weight, const torch::Tensor& factor);

}  // namespace esmm
