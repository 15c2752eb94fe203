#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "esmm/ops/sided_linear.h"

namespace esmm::ops {

// What comes back to the users from their rows.
struct UserSums {
  torch::Tensor grad;     // [U, M]: sum over b with of[b] = u of grad[b]
  torch::Tensor lengths;  // [U, 2]: sum over those of |grad[b]|^2, and |their sum|^2
};

// The columns of one side, whose blocks have these places: weight [M, K] -> [M, |places| * width].
using ColumnsOf = torch::Tensor(const torch::Tensor& weight, const std::vector<int64_t>& places,
                                int64_t width);
// And back, of both sides: [M, K].
using AllColumns = torch::Tensor(const torch::Tensor& rows, const torch::Tensor& users, const Sides& sides);
// y[b] = rows[b] weight^T + users[of[b]], and max(0, ..) of it with `relu`. users [U, M].
using SidedSum = torch::Tensor(const torch::Tensor& rows, const torch::Tensor& weight,
                               const torch::Tensor& users, const torch::Tensor& of, bool relu);
// grad [B, M]; users: U.
using SumByUser = UserSums(const torch::Tensor& grad, const torch::Tensor& of, int64_t users);

// What the layer of sided_linear.h has for each device apart; none has a gradient.
struct SidedKernels {
  ColumnsOf* columns_of;
  AllColumns* all_columns;
  SidedSum* sided_sum;
  SumByUser* sum_by_user;
};

namespace cpu {

ColumnsOf columns_of;
AllColumns all_columns;
SidedSum sided_sum;
SumByUser sum_by_user;

}  // namespace cpu

// From LibTorch's own operators: any device. The host waits for nothing, so that a GPU's step can be
// captured; nothing is summed by atomics, so that it gives the same bits each time.
namespace any_device {

ColumnsOf columns_of;
AllColumns all_columns;
SidedSum sided_sum;
SumByUser sum_by_user;

// sided_linear() made of these, wherever its input lies.
torch::Tensor sided_linear(const torch::Tensor& rows, const torch::Tensor& users, const torch::Tensor& of,
                           const torch::Tensor& lengths, const torch::Tensor& weight,
                           const torch::Tensor& bias, const Sides& sides, bool relu);

}  // namespace any_device
}  // namespace esmm::ops
