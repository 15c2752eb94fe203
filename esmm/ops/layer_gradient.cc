#include "esmm/ops/layer_gradient.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "esmm/ops/bags.h"
#include "esmm/ops/cpu/cpu_support.h"
#include "esmm/ops/cpu/vectorised.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

constexpr int64_t kChunks = 16;  // rows are summed in so many parts, whatever the threads

// Adds what passes of a row's gradients to `sums` and writes it to `to`. y or `to` null: all passes; it is
// not written.
template <class T, class A>
[[gnu::always_inline]] inline void add_row(const T* __restrict grad, const T* __restrict y, int64_t width,
                                           A* __restrict sums, T* __restrict to) {
  if (y == nullptr) {
    for (int64_t k = 0; k < width; ++k) sums[k] += static_cast<A>(grad[k]);
    if (to != nullptr) std::copy_n(grad, width, to);
    return;
  }
  for (int64_t k = 0; k < width; ++k) {
    const A passed = static_cast<A>(y[k]) > 0 ? static_cast<A>(grad[k]) : A{0};
    sums[k] += passed;
    to[k] = static_cast<T>(passed);
  }
}

}  // namespace

LayerGradient layer_gradient(const std::vector<Tensor>& grads, const Tensor& y) {
  const torch::ScalarType total_type = sum_type(grads[0].scalar_type());
  if (!grads[0].is_cpu()) {
    const Tensor grad = grads.size() == 1 ? grads[0] : torch::cat(grads, 1);
    const Tensor sums = (y.defined() ? at::threshold_backward(grad, y, 0) : grad).contiguous();
    return {sums, sums.sum(0, false, total_type)};
  }
  std::vector<Tensor> from;
  int64_t width = 0;  // of all
  for (const Tensor& grad : grads) {
    from.push_back(grad.contiguous());
    width += grad.size(1);
  }
  const int64_t rows = from[0].size(0);
  const Tensor above = y.defined() ? y.contiguous() : y;
  const bool only_summed = !y.defined() && from.size() == 1;
  const Tensor sums = only_summed ? from[0] : torch::empty({rows, width}, from[0].options());
  const Tensor parts = torch::zeros({kChunks, width}, sums.options().dtype(total_type));
  cpu::with_type(sums.scalar_type(), [&](auto number) {
    using T = decltype(number);
    using A = Sum<T>;
    const T* const all_y = above.defined() ? cpu::data_of<T>(above) : nullptr;
    T* const out = only_summed ? nullptr : cpu::data_of<T>(sums);
    A* const all_parts = parts.mutable_data_ptr<A>();
    std::vector<std::pair<const T*, int64_t>> columns;  // numbers and width
    for (const Tensor& grad : from) columns.emplace_back(cpu::data_of<T>(grad), grad.size(1));
    at::parallel_for(0, kChunks, 1, [&](int64_t first, int64_t last) {
      vectorised([&] {
        for (int64_t chunk = first; chunk < last; ++chunk) {
          const int64_t begin = rows * chunk / kChunks, end = rows * (chunk + 1) / kChunks;
          int64_t left = 0;  // columns before these
          for (const auto& [numbers, own_width] : columns) {
            A* __restrict part = all_parts + chunk * width + left;
            for (int64_t b = begin; b < end; ++b) {
              const T* __restrict g = numbers + b * own_width;
              const T* __restrict value = all_y == nullptr ? nullptr : all_y + b * width + left;
              T* __restrict to = out == nullptr ? nullptr : out + b * width + left;
              add_row(g, value, own_width, part, to);
            }
            left += own_width;
          }
        }
      });
    });
  });
  return {sums, parts.sum(0)};
}

}  // namespace esmm::ops
