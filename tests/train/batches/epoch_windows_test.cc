#include "esmm/train/batches/epoch_windows.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <numeric>
#include <set>

namespace esmm::train {
namespace {

LoaderOptions shuffled(uint64_t seed, int64_t window) {
  return {.shuffle = true, .seed = seed, .window = window};
}

// All windows, one after the other.
std::vector<int64_t> visits(const EpochWindows& windows) {
  std::vector<int64_t> all;
  for (int64_t window = 0; window < windows.count(); ++window) {
    CHECK(windows.start(window) == static_cast<int64_t>(all.size()));
    const std::vector<int64_t> some = windows.impressions(window);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::vector<int64_t> own_order(int64_t size) {
  std::vector<int64_t> own(static_cast<size_t>(size));
  std::iota(own.begin(), own.end(), 0);
  return own;
}

std::vector<int64_t> sorted(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  return values;
}

TEST_CASE("an epoch's order is a permutation that seed and epoch decide") {
  for (const int64_t window : {100, 30, 1}) {
    const auto epoch = [&](uint64_t seed, int64_t number) {
      return visits(EpochWindows(100, shuffled(seed, window), number));
    };
    CHECK(epoch(7, 0) != own_order(100));
    CHECK(epoch(7, 0) == epoch(7, 0));
    CHECK(epoch(7, 1) != epoch(7, 0));
    CHECK(epoch(8, 0) != epoch(7, 0));
    CHECK(sorted(epoch(7, 0)) == own_order(100));
  }
}

TEST_CASE("without shuffling an epoch keeps its order") {
  CHECK(visits(EpochWindows(100, {.window = 30}, 3)) == own_order(100));
}

TEST_CASE(
    "a split no larger than a window is shuffled as a whole: every impression is as likely to come first") {
  std::vector<int> first(5);
  for (uint64_t seed = 0; seed < 5000; ++seed) {
    const EpochWindows windows(5, shuffled(seed, 5), 0);
    REQUIRE(windows.count() == 1);
    ++first[static_cast<size_t>(windows.impressions(0)[0])];
  }
  for (const int count : first) CHECK(std::abs(count - 1000) < 150);  // 5 standard deviations
}

TEST_CASE("the windows of a large split are alike in size and made of blocks from all over it") {
  const EpochWindows windows(100'000, shuffled(1, 6'400), 0);  // blocks of 100 impressions
  REQUIRE(windows.count() == 16);
  for (int64_t window = 0; window < 16; ++window) {
    std::set<int64_t> tenths;
    int64_t impressions = 0;
    for (const auto& [first, count] : windows.blocks(window)) {
      CHECK(first % 100 == 0);
      tenths.insert(first / 10'000);
      impressions += count;
    }
    CHECK(tenths.size() >= 9);  // 62 blocks: a tenth is missed once in 700 windows
    CHECK(std::abs(impressions - 6'250) <= 50);
  }
}

TEST_CASE("the last block of a split may be smaller, wherever it is visited") {
  for (const uint64_t seed : {1, 2, 3}) {
    const EpochWindows windows(1'001, shuffled(seed, 128), 0);  // 501 blocks of 2 and 1
    CHECK(sorted(visits(windows)) == own_order(1'001));
    CHECK(windows.start(windows.count()) == 1'001);
  }
}

TEST_CASE("an empty split has no windows") { CHECK(EpochWindows(0, {}, 0).count() == 0); }

}  // namespace
}  // namespace esmm::train
