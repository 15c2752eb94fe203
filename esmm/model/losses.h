#pragma once

#include <torch/types.h>

namespace esmm {

// Losses on logits, in log space: no clamp, no epsilon, finite to |logit| 1000. Each is the mean over the
// batch (a scalar), in the logits' dtype.

// Binary cross-entropy of label [B] (0 or 1) and p = sigmoid(logit [B]).
torch::Tensor bce_with_logits(const torch::Tensor& logit, const torch::Tensor& label);

// The same over the rows where mask [B] is 1 alone: sum / number of such rows; 0 (with zero gradient) where
// there are none.
torch::Tensor masked_bce_with_logits(const torch::Tensor& logit, const torch::Tensor& label,
                                     const torch::Tensor& mask);

// Binary cross-entropy of label [B] and p = sigmoid(a) * sigmoid(b), a and b [B] (Ma et al. 2018, eq. 3,
// CTCVR term). With L = log p = logsigmoid(a) + logsigmoid(b):
//   log(1 - p) = log1p(-exp L)                            where exp(L) <= 1/2
//              = logsumexp(-a, -b, -a-b) + L              elsewhere
//   d log(1 - p) / da = -exp(logsigmoid(-a) - logsumexp(-a, -b, -a-b))
torch::Tensor product_bce_with_logits(const torch::Tensor& a, const torch::Tensor& b,
                                      const torch::Tensor& label);

}  // namespace esmm
