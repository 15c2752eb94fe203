#include "esmm/train/loader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "tests/train/memory_split.h"

namespace esmm::train {
namespace {

const torch::Device kCpu(torch::kCPU);

std::vector<int64_t> epoch(uint64_t seed, int64_t number, int64_t size = 100) {
  EpochOrder order(size, /*shuffle=*/true, seed, number);
  const auto places = order.take(size);
  return {places.begin(), places.end()};
}

// The table rows of all batches in a row, and the batches' sizes.
struct Loaded {
  std::vector<torch::Tensor> rows;
  std::vector<int64_t> sizes;
  torch::Tensor all() const { return torch::cat(rows); }
};

Loaded load(const data::Split& split, const LoaderOptions& options) {
  Loader loader(split, test::memory_schema(), options, kCpu);
  Loaded loaded;
  while (const auto batch = loader.next()) {
    loaded.rows.push_back(batch->bags.rows);
    loaded.sizes.push_back(batch->size);
  }
  return loaded;
}

TEST_CASE("an epoch's order is a permutation that seed and epoch decide") {
  std::vector<int64_t> sorted = epoch(7, 0), own(100);
  std::iota(own.begin(), own.end(), 0);
  CHECK(sorted != own);
  CHECK(epoch(7, 0) == sorted);
  CHECK(epoch(7, 1) != sorted);
  CHECK(epoch(8, 0) != sorted);
  std::sort(sorted.begin(), sorted.end());
  CHECK(sorted == own);
}

TEST_CASE("an epoch's order does not depend on how much is taken at a time") {
  EpochOrder order(100, true, 7, 0);
  std::vector<int64_t> pieces;
  for (auto piece = order.take(33); !piece.empty(); piece = order.take(33))
    pieces.insert(pieces.end(), piece.begin(), piece.end());
  CHECK(pieces == epoch(7, 0));
}

TEST_CASE("every place is equally likely to come first") {
  std::vector<int> first(5);
  for (uint64_t seed = 0; seed < 5000; ++seed) ++first[static_cast<size_t>(epoch(seed, 0, 5)[0])];
  for (const int count : first) CHECK(std::abs(count - 1000) < 150);  // 5 standard deviations
}

TEST_CASE("without shuffling impressions come in their own order, the last batch smaller") {
  const test::MemorySplit split(10, 1);
  const Loaded loaded = load(split, {.batch_size = 4, .last_step = 3});
  CHECK(loaded.sizes == std::vector<int64_t>{4, 4, 2});
  std::vector<int64_t> own(10);
  std::iota(own.begin(), own.end(), 0);
  Batch batch;
  split.gather(own, batch);
  CHECK(torch::equal(loaded.all(), to_tensors(batch, std::vector<Pooling>(3, Pooling::mean)).bags.rows));
}

TEST_CASE("batches do not depend on the timing of the threads") {
  test::MemorySplit quick(50, 1), slow(50, 1);
  slow.slow = true;
  const LoaderOptions options{.batch_size = 8, .last_step = 21, .shuffle = true, .seed = 3, .ahead = 1};
  CHECK(torch::equal(load(quick, options).all(), load(slow, options).all()));
}

TEST_CASE("a loader that starts at a later step gives what the first one would have given there") {
  const test::MemorySplit split(50, 1);
  const Loaded whole = load(split, {.batch_size = 8, .last_step = 21, .shuffle = true, .seed = 3});
  for (const int64_t first : {1, 6, 7, 9, 20}) {
    const Loaded rest =
        load(split, {.batch_size = 8, .first_step = first, .last_step = 21, .shuffle = true, .seed = 3});
    REQUIRE(rest.rows.size() == static_cast<size_t>(21 - first));
    for (size_t i = 0; i < rest.rows.size(); ++i)
      CHECK(torch::equal(rest.rows[i], whole.rows[i + static_cast<size_t>(first)]));
  }
}

TEST_CASE("what goes wrong in the loader's thread reaches the consumer after the good batches") {
  test::MemorySplit split(50, 1);
  split.fail_after = 2;
  Loader loader(split, test::memory_schema(), {.batch_size = 8, .last_step = 7}, kCpu);
  CHECK(loader.next());
  CHECK(loader.next());
  CHECK_THROWS_WITH(loader.next(), Catch::Contains("the shard is gone"));
}

TEST_CASE("a loader that is left early ends its thread, and works no more than a few batches ahead") {
  const test::MemorySplit split(50, 1);
  {
    Loader loader(split, test::memory_schema(), {.batch_size = 1, .last_step = 1000, .ahead = 3}, kCpu);
    CHECK(loader.next());
  }
  CHECK(split.gathers <= 5);
}

}  // namespace
}  // namespace esmm::train
