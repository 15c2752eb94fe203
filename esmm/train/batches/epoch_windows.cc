#include "esmm/train/batches/epoch_windows.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "esmm/core/random.h"

namespace esmm::train {
namespace {

constexpr uint64_t kOrderStream = 0x6f72646572;
constexpr uint64_t kBlockStream = 0x626c6f636b;
constexpr int64_t kBlocksPerWindow = 64;

void shuffle(std::vector<int64_t>& values, Random random) {
  const size_t size = values.size();
  for (size_t i = 0; i < size; ++i) std::swap(values[i], values[i + random.below(size - i)]);
}

}  // namespace

EpochWindows::EpochWindows(int64_t size, const LoaderOptions& options, int64_t epoch)
    : size_(size),
      block_size_(std::max<int64_t>(1, options.window / kBlocksPerWindow)),
      shuffle_(options.shuffle),
      seed_(options.seed),
      stream_(mix_seed(kOrderStream, static_cast<uint64_t>(epoch))) {
  const int64_t blocks = (size + block_size_ - 1) / block_size_;
  const int64_t windows = (size + options.window - 1) / options.window;
  order_.resize(static_cast<size_t>(blocks));
  std::iota(order_.begin(), order_.end(), int64_t{0});
  if (shuffle_ && windows > 1)
    shuffle(order_, Random(seed_, mix_seed(kBlockStream, static_cast<uint64_t>(epoch))));
  starts_.push_back(0);
  for (int64_t window = 0; window <= windows; ++window)
    firsts_.push_back(windows == 0 ? 0 : blocks * window / windows);
  for (int64_t window = 0; window < windows; ++window) {
    starts_.push_back(starts_.back());
    for (const Block& part : this->blocks(window)) starts_.back() += part.count;
  }
}

Block EpochWindows::block(int64_t visit) const {
  const int64_t first = order_[visit] * block_size_;
  return {first, std::min(block_size_, size_ - first)};
}

std::vector<Block> EpochWindows::blocks(int64_t window) const {
  std::vector<Block> blocks;
  for (int64_t visit = firsts_[window]; visit < firsts_[window + 1]; ++visit) blocks.push_back(block(visit));
  return blocks;
}

std::vector<int64_t> EpochWindows::impressions(int64_t window) const {
  std::vector<int64_t> impressions;
  impressions.reserve(static_cast<size_t>(starts_[window + 1] - starts_[window]));
  for (const auto& [first, count] : blocks(window)) {
    for (int64_t i = 0; i < count; ++i) impressions.push_back(first + i);
  }
  if (shuffle_) shuffle(impressions, Random(seed_, stream_ + static_cast<uint64_t>(window)));
  return impressions;
}

}  // namespace esmm::train
