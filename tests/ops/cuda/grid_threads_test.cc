#include "esmm/ops/cuda/grid_threads.h"

#include <catch2/catch.hpp>
#include <vector>

#include "esmm/ops/cuda/lane_group.h"

namespace esmm::ops {
namespace {

TEST_CASE(
    "each group has its lanes, side by side in one warp, and there are no more blocks than that takes") {
  for (int lanes = 1; lanes <= kWarpLanes; lanes *= 2) {
    for (const int64_t groups : {0, 1, 7, 8, 9, 256, 257, 1000}) {
      const uint32_t blocks = blocks_for(groups, lanes);
      std::vector<int> seen(static_cast<size_t>(blocks) * kBlockThreads);
      bool in_one_warp = true;
      for (uint32_t block = 0; block < blocks; ++block) {
        for (uint32_t thread = 0; thread < kBlockThreads; ++thread) {
          const int64_t group = group_index(block, thread, lanes);
          ++seen[static_cast<size_t>(group)];
          const int64_t first = group * lanes - int64_t{block} * kBlockThreads;
          in_one_warp = in_one_warp && first / kWarpLanes == thread / kWarpLanes;
        }
      }
      CHECK(in_one_warp);
      for (int64_t group = 0; group < groups; ++group) REQUIRE(seen[static_cast<size_t>(group)] == lanes);
      CHECK(int64_t{blocks} * kBlockThreads < groups * lanes + kBlockThreads);
    }
  }
}

TEST_CASE("a launch of 2^31 groups of a warp each counts beyond 32 bits") {
  const int64_t groups = int64_t{1} << 31;
  const uint32_t blocks = blocks_for(groups, kWarpLanes);
  CHECK(blocks == 1U << 28);
  CHECK(thread_index(blocks - 1, kBlockThreads - 1) == (int64_t{1} << 36) - 1);
  CHECK(group_index(blocks - 1, kBlockThreads - 1, kWarpLanes) == groups - 1);
}

}  // namespace
}  // namespace esmm::ops
