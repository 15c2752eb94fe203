#pragma once

#include <cstdint>

namespace esmm::ops {

// How a table moves along the gradient g of the rows that a step touched. First, L2 on looked-up rows:
//   g[r] += l2 * (how many impressions' ids named r) / B * table[r]
// Then h[r] = c[r] g[r], whose square is what the rules divide by. Where one user's impressions b, looked up
// at once (SharedBags), are all that named r,
//   c[r] = sqrt(sum of |g_b|^2) / |sum of g_b|,   g_b the gradient of b, of which g[r] is the sum
// and else 1. Shuffled, a user's impressions come in steps of their own, and their squares sum up to
// sum of |g_b|^2; together they would add |sum of g_b|^2, up to n times as much where n agree, and the user's
// rows would learn less than shuffled ones. A row that others named too is a sum over many either way.
// Below, lr is the learning rate, eps epsilon, b1 and b2 the betas; all arithmetic and state is float (double
// for a double table), also where the table is bfloat16.
enum class UpdateRule {
  // table[r] -= lr * g[r]
  sgd,
  // Adagrad (Duchi et al. 2011), per element:
  //   s[r] += h[r]^2;   table[r] -= lr * g[r] / (sqrt(s[r]) + eps)
  adagrad,
  // Row-wise Adagrad (as in DLRM and FBGEMM): one accumulator per row.
  //   s[r] += mean over d of h[r, d]^2;   table[r] -= lr * g[r] / (sqrt(s[r]) + eps)
  rowwise_adagrad,
  // Adam (Kingma & Ba 2015) on touched rows alone, each with a clock of its own that ticks when it is
  // touched: the same as Adam run on the row's own sequence of gradients. With n the times that r was touched
  // so far,
  //   m[r] = b1 m[r] + (1 - b1) g[r];   v[r] = b2 v[r] + (1 - b2) h[r]^2
  //   table[r] -= lr * (m[r] / (1 - b1^n)) / (sqrt(v[r] / (1 - b2^n)) + eps)
  // so a row's first step is lr long whenever it comes. (With the step's number in place of n, as others do
  // it, a row first seen late starts (1 - b1) / sqrt(1 - b2) times too far.) What is kept per row is not n
  // but 1 - b1^n and 1 - b2^n themselves: the same averages of the number 1.
  lazy_adam,
  // Adam as torch::optim::Adam does it, on the whole table: rows without a gradient move too, by their
  // momentum. With t the step's number,
  //   m = b1 m + (1 - b1) g;   v = b2 v + (1 - b2) h^2
  //   table -= lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
  adam,
};

struct UpdateOptions {
  double learning_rate = 0;
  double beta1 = 0.9, beta2 = 0.999;  // lazy_adam, adam
  double epsilon = 1e-8;              // all but sgd
  double l2 = 0;
  int64_t batch_size = 1;  // B, for l2
  int64_t step = 1;        // t, from 1
  uint64_t seed = 0;       // of a bfloat16 table's rounding (stochastic_rounding.h)
  // For a table on a GPU: where CudaLibrary::put_options (cuda_library.h) has put these; null: nowhere. The
  // kernels read them there, so that a captured step can be run again as another.
  const void* on_device = nullptr;
};

}  // namespace esmm::ops
