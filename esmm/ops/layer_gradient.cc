#include "esmm/ops/layer_gradient.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <vector>

#include "esmm/ops/numbers.h"
#include "esmm/ops/vectorised.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

constexpr int64_t kChunks = 16;  // rows are summed in so many parts, whatever the threads

Tensor on_any_device(const Tensor& grad, const Tensor& y) {
  return (y.defined() ? at::threshold_backward(grad, y, 0) : grad).contiguous();
}

}  // namespace

LayerGradient layer_gradient(const Tensor& grad, const Tensor& y) {
  const auto sum_type = grad.scalar_type() == torch::kDouble ? torch::kDouble : torch::kFloat;
  if (!grad.is_cpu()) {
    const Tensor sums = on_any_device(grad, y);
    return {sums, sums.sum(0, false, sum_type)};
  }
  const Tensor from = grad.contiguous(), above = y.defined() ? y.contiguous() : y;
  const int64_t rows = from.size(0), width = from.size(1);
  const Tensor sums = y.defined() ? torch::empty_like(from) : from;
  const Tensor parts = torch::zeros({kChunks, width}, from.options().dtype(sum_type));
  with_number(from.scalar_type(), [&](auto number, auto zero) {
    using T = decltype(number);
    using Sum = decltype(zero);
    const T *all = data_of<T>(from), *all_y = above.defined() ? data_of<T>(above) : nullptr;
    T* out = data_of<T>(sums);
    Sum* all_parts = data_of<Sum>(parts);
    at::parallel_for(0, kChunks, 1, [&](int64_t first, int64_t last) {
      vectorised([&] {
        for (int64_t chunk = first; chunk < last; ++chunk) {
          Sum* __restrict part = all_parts + chunk * width;
          for (int64_t b = rows * chunk / kChunks; b < rows * (chunk + 1) / kChunks; ++b) {
            const T* __restrict g = all + b * width;
            if (all_y == nullptr) {
              for (int64_t k = 0; k < width; ++k) part[k] += static_cast<Sum>(g[k]);
              continue;
            }
            const T* __restrict value = all_y + b * width;
            T* __restrict to = out + b * width;
            for (int64_t k = 0; k < width; ++k) {
              const Sum passed = static_cast<Sum>(value[k]) > 0 ? static_cast<Sum>(g[k]) : Sum{0};
              part[k] += passed;
              to[k] = static_cast<T>(passed);
            }
          }
        }
      });
    });
  });
  return {sums, parts.sum(0)};
}

}  // namespace esmm::ops
