#include "esmm/data/prepare/number_runs.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "esmm/core/random.h"
#include "tests/support/temporary_folder.h"

using esmm::data::NumberRuns;
using Numbers = std::vector<double>;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Numbers edges_of(const Numbers& numbers, int64_t buckets, size_t most = 1000) {
  const esmm::test::TemporaryFolder folder;
  NumberRuns runs(folder.path() / "numbers.arrow", 2, most);
  for (const double number : numbers) runs.add(1, {&number, 1});
  runs.close();
  CHECK(runs.edges(0, buckets).empty());
  return runs.edges(1, buckets);
}

// As number_runs.h says it.
Numbers expected_edges(Numbers numbers, size_t buckets) {
  std::sort(numbers.begin(), numbers.end());
  Numbers edges;
  for (size_t i = 1; i < buckets; ++i) {
    const double number = numbers[i * numbers.size() / buckets];
    if (number > (edges.empty() ? numbers.front() : edges.back())) edges.push_back(number);
  }
  return edges;
}

}  // namespace

TEST_CASE("edges are the same however many numbers are in memory") {
  const Numbers numbers{5, 1, -0.0, 5, 9, 0, 2, 7, 1, 5, 3, 8, -4, 5, 6, 2, 2};
  // Sorted: -4 0 0 1 1 2 2 2 3 5 5 5 5 6 7 8 9; places 4, 8 and 12.
  for (const size_t most : {1, 2, 3, 4, 16, 17, 18}) CHECK(edges_of(numbers, 4, most) == Numbers{1, 3, 5});
}

TEST_CASE("edges of few, equal and endless numbers") {
  CHECK(edges_of({}, 4).empty());
  CHECK(edges_of({7}, 4).empty());
  CHECK(edges_of({7, 7, 7, 7, 7}, 3).empty());
  CHECK(edges_of({3, 1}, 2) == Numbers{3});
  CHECK(edges_of({kInfinity, -kInfinity, 0, 1}, 4) == Numbers{0, 1, kInfinity});
  const Numbers zero = edges_of({-1, -0.0, -0.0}, 2);
  REQUIRE(zero == Numbers{0});
  CHECK_FALSE(std::signbit(zero.front()));
}

TEST_CASE("edges of many numbers, added by several threads, are those of each field's sorted ones") {
  const esmm::test::TemporaryFolder folder;
  NumberRuns runs(folder.path() / "numbers.arrow", 2, 1000);
  esmm::Random random(3);
  Numbers some(20'000), others(some.size());
  for (size_t i = 0; i < some.size(); ++i) {
    some[i] = std::exp(20 * random.uniform() - 10) * (random.uniform() < 0.5 ? -1 : 1);
    others[i] = std::floor(50 * random.uniform());
  }
  const auto add = [&](size_t from, size_t to) {
    for (size_t i = from; i < to; i += 50) {
      runs.add(0, {&some[i], 50});
      runs.add(1, {&others[i], 50});
    }
  };
  std::thread thread(add, 0, 10'000);
  add(10'000, 20'000);
  thread.join();
  runs.close();
  CHECK(runs.edges(0, 97) == expected_edges(some, 97));
  CHECK(runs.edges(1, 97) == expected_edges(others, 97));
}
