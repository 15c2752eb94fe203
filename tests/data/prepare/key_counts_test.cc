#include "esmm/data/prepare/key_counts.h"

#include <catch2/catch.hpp>

#include <limits>
#include <map>
#include <thread>

#include "esmm/core/random.h"
#include "tests/support/temporary_folder.h"

using esmm::data::KeyCounts;
using Keys = std::vector<int64_t>;
namespace fs = std::filesystem;

namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min(), kMost = std::numeric_limits<int64_t>::max();

}  // namespace

TEST_CASE("counts add up, and keys that are frequent enough come sorted as signed numbers") {
  const esmm::test::TemporaryFolder folder;
  KeyCounts counts(folder.path());
  counts.add(Keys{5, kLeast, kMost, -1, 9}, Keys{1, 2, 3, 4, 0});
  counts.add(Keys{5, 7}, Keys{1, 1});
  const KeyCounts::Known known = counts.settle(2, 2);
  CHECK(known.keys == Keys{kLeast, -1, 5, kMost});
  CHECK(known.counts == Keys{2, 4, 2, 3});
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("keys that outgrow the budget go to files and are counted all the same") {
  const esmm::test::TemporaryFolder folder;
  KeyCounts counts(folder.path(), 1000);
  std::map<int64_t, int64_t> expected;
  esmm::Random random(11);
  bool spilled = false;
  for (int round = 0; round < 50; ++round) {
    Keys keys, fresh;
    for (int i = 0; i < 400; ++i) {
      const auto number = static_cast<int64_t>(random.uniform() * 5000);
      keys.push_back(static_cast<int64_t>(static_cast<uint64_t>(number) * 0x9E3779B97F4A7C15u));
      fresh.push_back(number % 3);
      if (fresh.back() > 0) expected[keys.back()] += fresh.back();
    }
    counts.add(keys, fresh);
    spilled = spilled || !fs::is_empty(folder.path());
  }
  CHECK(spilled);
  std::erase_if(expected, [](const auto& item) { return item.second < 4; });
  const KeyCounts::Known known = counts.settle(4, 3);
  REQUIRE(known.keys.size() == expected.size());
  size_t i = 0;
  for (const auto& [key, count] : expected) {
    CHECK(known.keys[i] == key);
    CHECK(known.counts[i++] == count);
  }
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("threads count together") {
  const esmm::test::TemporaryFolder folder;
  KeyCounts counts(folder.path(), 2000);
  Keys keys;
  for (int64_t i = 0; i < 4000; ++i) keys.push_back(static_cast<int64_t>(static_cast<uint64_t>(i) << 52 | 7));
  const auto count = [&] {
    for (int round = 0; round < 20; ++round) counts.add(keys, Keys(keys.size(), 1));
  };
  std::thread other(count);
  count();
  other.join();
  const KeyCounts::Known known = counts.settle(1, 2);
  CHECK(known.keys.size() == 4000);
  CHECK(known.counts == Keys(4000, 40));
}
