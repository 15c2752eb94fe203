#include "esmm/ops/shared_bags.h"

#include <algorithm>
#include <cmath>

namespace esmm::ops {
namespace {

using torch::Tensor;

// Beyond it, a sum is nothing but what rounding left of 0.
constexpr double kMostOfSquares = 1e12;

template <class A>
SharedBags on_cpu(const Tensor& of, const Tensor& lengths) {
  const int64_t users = lengths.size(0);
  SharedBags shared{.impressions = torch::zeros({users}, torch::kInt),
                    .scale = torch::empty({users}, lengths.options())};
  auto* const impressions = shared.impressions.mutable_data_ptr<int32_t>();
  const auto* const user_of = of.const_data_ptr<int64_t>();
  for (int64_t b = 0; b < of.numel(); ++b) ++impressions[user_of[b]];
  A* const scale = shared.scale.template mutable_data_ptr<A>();
  const A* const of_users = lengths.const_data_ptr<A>();
  for (int64_t u = 0; u < users; ++u) {
    const A apart = of_users[2 * u], together = of_users[2 * u + 1];
    scale[u] = together > 0 ? std::sqrt(std::min(apart / together, static_cast<A>(kMostOfSquares))) : A{1};
  }
  return shared;
}

}  // namespace

SharedBags shared_bags(const Tensor& of, const Tensor& lengths) {
  if (!lengths.is_cpu()) return any_device::shared_bags(of, lengths);
  return lengths.scalar_type() == torch::kDouble ? on_cpu<double>(of, lengths) : on_cpu<float>(of, lengths);
}

namespace any_device {

SharedBags shared_bags(const Tensor& of, const Tensor& lengths) {
  const Tensor apart = lengths.select(1, 0), together = lengths.select(1, 1);
  return {.impressions = rows_of_users(of, lengths.size(0)).to(torch::kInt),
          .scale = (apart / together)
                       .clamp_max_(kMostOfSquares)
                       .sqrt_()
                       .masked_fill_((together > 0).logical_not_(), 1)};
}

Tensor rows_of_users(const Tensor& of, int64_t users) {
  if (of.numel() == 0) return torch::zeros({users}, of.options());
  const Tensor begins = torch::searchsorted(of, torch::arange(users + 1, of.options()));
  return begins.slice(0, 1) - begins.slice(0, 0, -1);
}

}  // namespace any_device
}  // namespace esmm::ops
