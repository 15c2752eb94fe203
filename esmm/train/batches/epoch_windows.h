#pragma once

#include <cstdint>
#include <vector>

#include "esmm/train/batches/loader_options.h"

namespace esmm::train {

// Impressions [first, first + count) of a split, as they lie in its files.
struct Block {
  int64_t first = 0, count = 0;
};

// How an epoch goes through a split that need not fit in memory. The split is cut into blocks, 64 to a window
// (fewer where impressions are), and blocks are visited in an order that (seed, epoch) decide. The
// impressions of a window are shuffled among each other. A split no larger than a window is one, so that it
// is shuffled as a whole. Without shuffling all keeps its order.
class EpochWindows {
 public:
  EpochWindows(int64_t size, const LoaderOptions& options, int64_t epoch);

  // Windows in the order of visits: 0 .. count() - 1.
  int64_t count() const { return static_cast<int64_t>(starts_.size()) - 1; }
  // How many impressions are visited before a window; of count(): before the end.
  int64_t start(int64_t window) const { return starts_[window]; }
  std::vector<Block> blocks(int64_t window) const;
  // A window's impressions in the order of visits, a permutation that (seed, epoch, window) decide
  // (Fisher-Yates).
  std::vector<int64_t> impressions(int64_t window) const;

 private:
  Block block(int64_t visit) const;

  int64_t size_, block_size_;
  bool shuffle_;
  uint64_t seed_, stream_;
  std::vector<int64_t> order_;   // of the blocks
  std::vector<int64_t> firsts_;  // windows + 1: a window's first visit of a block
  std::vector<int64_t> starts_;  // windows + 1
};

}  // namespace esmm::train
