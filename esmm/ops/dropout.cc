#include "esmm/ops/dropout.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "esmm/core/random.h"

namespace esmm::ops {
namespace {

constexpr int64_t kLanes = 16;
constexpr int64_t kBlock = 4096;  // elements that share a start of the generator

using Lanes = std::array<uint32_t, kLanes>;

// Jenkins' small generator, a copy in each lane. It takes only sums, shifts and exclusive ors: compilers make
// vectors of it for any processor.
class LaneRandom {
 public:
  explicit LaneRandom(uint64_t seed) {
    Random random(seed);
    for (auto* lanes : {&a_, &b_, &c_, &d_}) {
      for (uint32_t& lane : *lanes) lane = static_cast<uint32_t>(random.next() >> 32);
    }
  }

  // 32 random bits in each lane.
  const Lanes& next() {
    for (size_t k = 0; k < kLanes; ++k) {
      const uint32_t e = a_[k] - rotated<27>(b_[k]);
      a_[k] = b_[k] ^ rotated<17>(c_[k]);
      b_[k] = c_[k] + d_[k];
      c_[k] = d_[k] + e;
      d_[k] = e + a_[k];
    }
    return d_;
  }

 private:
  template <int kBits>
  static uint32_t rotated(uint32_t x) {
    return (x << kBits) | (x >> (32 - kBits));
  }

  Lanes a_, b_, c_, d_;
};

constexpr uint32_t kSteps = 1 << 16;

// What x is multiplied by: 0 where 16 random bits are below `threshold`, else by as much as keeps the mean.
void fill_factors(float* factors, int64_t count, uint64_t seed, uint32_t threshold) {
  const float scale = static_cast<float>(kSteps) / static_cast<float>(kSteps - threshold);
  LaneRandom random(seed);
  std::array<float, 2 * kLanes> drawn;
  for (int64_t i = 0; i < count; i += 2 * kLanes) {
    const Lanes& bits = random.next();
    for (size_t k = 0; k < kLanes; ++k) {
      drawn[k] = (bits[k] & 0xffff) < threshold ? 0.0F : scale;
      drawn[kLanes + k] = (bits[k] >> 16) < threshold ? 0.0F : scale;
    }
    std::copy_n(drawn.begin(), std::min(2 * kLanes, count - i), factors + i);
  }
}

}  // namespace

torch::Tensor dropout(const torch::Tensor& x, double probability) {
  if (probability == 0) return x;
  if (!x.is_cpu()) return torch::dropout(x, probability, /*train=*/true);
  const auto drawn = torch::randint(std::numeric_limits<int64_t>::max(), {1}, torch::kLong).item<int64_t>();
  torch::Tensor factors = torch::empty(x.sizes(), torch::kFloat);
  auto* const data = factors.mutable_data_ptr<float>();
  const int64_t count = factors.numel(), blocks = (count + kBlock - 1) / kBlock;
  at::parallel_for(0, blocks, /*grain_size=*/8, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      const int64_t first = block * kBlock;
      fill_factors(data + first, std::min(kBlock, count - first),
                   mix_seed(static_cast<uint64_t>(drawn), static_cast<uint64_t>(block)),
                   static_cast<uint32_t>(probability * kSteps));
    }
  });
  return x * factors.to(x.scalar_type());
}

}  // namespace esmm::ops
