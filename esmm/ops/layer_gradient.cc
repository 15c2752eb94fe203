#include "esmm/ops/layer_gradient.h"

#include <ATen/Parallel.h>

#include "esmm/ops/bags.h"
#include "esmm/ops/cpu/cpu_support.h"
#include "esmm/ops/cpu/vectorised.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

constexpr int64_t kChunks = 16;  // rows are summed in so many parts, whatever the threads

}  // namespace

LayerGradient layer_gradient(const Tensor& grad, const Tensor& y) {
  const torch::ScalarType total_type = sum_type(grad.scalar_type());
  if (!grad.is_cpu()) {
    const Tensor sums = (y.defined() ? at::threshold_backward(grad, y, 0) : grad).contiguous();
    return {sums, sums.sum(0, false, total_type)};
  }
  const Tensor from = grad.contiguous(), above = y.defined() ? y.contiguous() : y;
  const int64_t rows = from.size(0), width = from.size(1);
  const Tensor sums = y.defined() ? torch::empty_like(from) : from;
  const Tensor parts = torch::zeros({kChunks, width}, from.options().dtype(total_type));
  cpu::with_type(from.scalar_type(), [&](auto number) {
    using T = decltype(number);
    using A = Sum<T>;
    const T *all = cpu::data_of<T>(from), *all_y = above.defined() ? cpu::data_of<T>(above) : nullptr;
    T* out = cpu::data_of<T>(sums);
    A* all_parts = parts.mutable_data_ptr<A>();
    at::parallel_for(0, kChunks, 1, [&](int64_t first, int64_t last) {
      vectorised([&] {
        for (int64_t chunk = first; chunk < last; ++chunk) {
          A* __restrict part = all_parts + chunk * width;
          for (int64_t b = rows * chunk / kChunks; b < rows * (chunk + 1) / kChunks; ++b) {
            const T* __restrict g = all + b * width;
            if (all_y == nullptr) {
              for (int64_t k = 0; k < width; ++k) part[k] += static_cast<A>(g[k]);
              continue;
            }
            const T* __restrict value = all_y + b * width;
            T* __restrict to = out + b * width;
            for (int64_t k = 0; k < width; ++k) {
              const A passed = static_cast<A>(value[k]) > 0 ? static_cast<A>(g[k]) : A{0};
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
