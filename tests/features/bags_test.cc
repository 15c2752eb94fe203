#include "esmm/features/bags.h"

#include <catch2/catch.hpp>

using esmm::effective_weights;
using esmm::Pooling;
using Floats = std::vector<float>;

TEST_CASE("bags grow weights only once one differs from 1") {
  esmm::KeyBags bags;
  bags.push(7);
  bags.close_bag();
  CHECK(bags.weights.empty());
  bags.push(8, 0.5f);
  bags.push(9);
  bags.close_bag();
  CHECK(bags.weights == Floats{1.0f, 0.5f, 1.0f});
  CHECK(bags.offsets == std::vector<int64_t>{0, 1, 3});
  CHECK(bags.bags() == 2);
}

TEST_CASE("sum keeps raw weights and mean divides by the bag's sum") {
  const std::vector<int64_t> offsets{0, 2, 5, 5, 6};
  const std::vector<Pooling> pooling{Pooling::sum, Pooling::mean};  // two rows of two fields
  const Floats raw{2, 3, 1, 1, 2, 5};
  CHECK(effective_weights(offsets, raw, pooling) == Floats{2, 3, 0.25f, 0.25f, 0.5f, 1});
}

TEST_CASE("without raw weights a mean bag of n has 1/n each") {
  const std::vector<int64_t> offsets{0, 1, 5};
  const std::vector<Pooling> pooling{Pooling::sum, Pooling::mean};
  CHECK(effective_weights(offsets, {}, pooling) == Floats{1, 0.25f, 0.25f, 0.25f, 0.25f});
}

TEST_CASE("a mean bag whose weights sum to 0 counts for nothing") {
  const std::vector<int64_t> offsets{0, 2, 3};
  const std::vector<Pooling> pooling{Pooling::mean};
  CHECK(effective_weights(offsets, Floats{1, -1, 4}, pooling) == Floats{0, 0, 1});
}

TEST_CASE("where all effective weights are 1 none are given") {
  const std::vector<int64_t> offsets{0, 1, 2};
  CHECK(effective_weights(offsets, {}, std::vector<Pooling>{Pooling::mean, Pooling::sum}).empty());
}
