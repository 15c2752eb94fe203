#pragma once

#include <ATen/Parallel.h>

namespace esmm::test {

// As long as it lives, LibTorch's operations have so many threads.
class TorchThreads {
 public:
  explicit TorchThreads(int threads) { at::set_num_threads(threads); }
  ~TorchThreads() { at::set_num_threads(before_); }
  TorchThreads(const TorchThreads&) = delete;
  TorchThreads& operator=(const TorchThreads&) = delete;

 private:
  int before_ = at::get_num_threads();
};

}  // namespace esmm::test
