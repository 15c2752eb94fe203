#pragma once

#include <torch/types.h>

namespace esmm::ops {

// Each element of x is 0 with `probability`, and x times 1 / (1 - probability), rounded to x's dtype, else
// (Srivastava et al., JMLR 2014). 0 <= probability < 1, rounded down to a multiple of 2^-16 on the CPU; x
// float, bfloat16 or double. Draws one number from the global generator; what becomes of an element depends
// on that and on its place alone, on any number of threads. On the CPU the numbers come many at once:
// LibTorch's own dropout draws them one after another on one thread.
torch::Tensor dropout(const torch::Tensor& x, double probability);

}  // namespace esmm::ops
