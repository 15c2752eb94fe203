#pragma once

#include <torch/types.h>

#include <cstdint>

#include "esmm/ops/bags.h"

namespace esmm::ops {

// What users' rows of bags are for. of int64 [B], which of the U users each impression has; lengths [U, 2],
// the gradient that sided_linear.h makes, contiguous. The scale is c of update_rule.h. What that is made of,
// the gradients of each impression's own user rows, is never made: they are W^T d, with d the gradients of
// the towers' first sums, whose lengths stand for theirs. A user whose gradients sum up to 0, or that has no
// impressions, has scale 1.
SharedBags shared_bags(const torch::Tensor& of, const torch::Tensor& lengths);

// From LibTorch's own operators: any device, for which the host does not wait.
namespace any_device {

SharedBags shared_bags(const torch::Tensor& of, const torch::Tensor& lengths);

// How many impressions each of the users has: int64 [U].
torch::Tensor rows_of_users(const torch::Tensor& of, int64_t users);

}  // namespace any_device
}  // namespace esmm::ops
