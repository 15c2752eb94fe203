#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace esmm::ops {

// Which columns of a layer's weight belong to which side of its input: blocks of `width` columns each.
struct Sides {
  std::vector<int64_t> rows, users;  // places of the blocks, rising; together each block once
  int64_t width = 0;
};

// The layer of linear.h on an input whose users' part is the same for rows in a row, and is multiplied once:
//   y[b] = rows[b] W_rows^T + (users[of[b]] W_users^T + bias)          and max(0, ..) of it with `relu`
//   rows [B, K_rows]; users [U, K_users]; of int64 [B], from 0, rising by 0 or 1, to U - 1 at most;
//   weight [M, K_rows + K_users], W_rows and W_users its columns of each side; bias [M] -> [B, M]
// Users that no row names change nothing, and their gradients are 0. Types as in linear.h; rows and users
// have the same. Throws InternalError where `of` does not fit; on a GPU, which the host never waits for here,
// it is not looked at: check_users() before it goes there.
//
// lengths [U, 2], of the type of sums, is no input: as its gradient, backward() tells how far a user's rows
// agree. With d[b] the gradient of row b's sum above, it is, over the rows of each user,
//   (sum of |d[b]|^2, |sum of d[b]|^2)
// summed by autograd over all layers that are given the same tensor.
torch::Tensor sided_linear(const torch::Tensor& rows, const torch::Tensor& users, const torch::Tensor& of,
                           const torch::Tensor& lengths, const torch::Tensor& weight,
                           const torch::Tensor& bias, const Sides& sides, bool relu);

// The same of several layers of one input, as linears() has them: weights [M_i, K_rows + K_users], biases
// [M_i] -> [B, M_i] of each.
std::vector<torch::Tensor> sided_linears(const torch::Tensor& rows, const torch::Tensor& users,
                                         const torch::Tensor& of, const torch::Tensor& lengths,
                                         const std::vector<torch::Tensor>& weights,
                                         const std::vector<torch::Tensor>& biases, const Sides& sides,
                                         bool relu);

// Throws InternalError where `of` does not name so many users, or fewer, as above.
void check_users(const torch::Tensor& of, int64_t users);

}  // namespace esmm::ops
