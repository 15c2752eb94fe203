#include "esmm/data/prepare/key_counts.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/data/prepare/ordered_work.h"

namespace esmm::data {
namespace fs = std::filesystem;
namespace {

using Count = std::pair<int64_t, int64_t>;  // key, how often

[[noreturn]] void throw_failed(const fs::path& file) {
  throw Error({.what = "cannot be written and read again",
               .where = file.string(),
               .got = std::strerror(errno),
               .hint = "check the free space"});
}

}  // namespace

KeyCounts::KeyCounts(fs::path folder, size_t budget)
    : folder_(std::move(folder)), shard_budget_(std::max<size_t>(1, budget / kShards)) {}

fs::path KeyCounts::file_of(size_t shard) const { return folder_ / fmt::format("keys{:03}", shard); }

void KeyCounts::add(std::span<const int64_t> keys, std::span<const int64_t> counts) {
  std::array<size_t, kShards + 1> begins{};
  for (size_t i = 0; i < keys.size(); ++i) begins[shard_of(keys[i]) + 1] += counts[i] != 0;
  for (size_t s = 0; s < kShards; ++s) begins[s + 1] += begins[s];
  std::vector<Count> by_shard(begins.back());
  auto at = begins;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (counts[i] != 0) by_shard[at[shard_of(keys[i])]++] = {keys[i], counts[i]};
  }
  for (size_t s = 0; s < kShards; ++s) {
    const std::lock_guard lock(shards_[s].mutex);
    for (size_t i = begins[s]; i < begins[s + 1]; ++i)
      shards_[s].counts[by_shard[i].first] += by_shard[i].second;
    if (shards_[s].counts.size() > shard_budget_) spill(s);
  }
}

// Appends the shard's counts to its file.
void KeyCounts::spill(size_t shard) {
  Shard& full = shards_[shard];
  const std::vector<Count> counts(full.counts.begin(), full.counts.end());
  full.counts.clear();
  std::ofstream out(file_of(shard), std::ios::binary | (full.spilled ? std::ios::app : std::ios::trunc));
  out.write(reinterpret_cast<const char*>(counts.data()),
            static_cast<std::streamsize>(counts.size() * sizeof(Count)));
  if (!out.flush()) throw_failed(file_of(shard));
  full.spilled = true;
}

void KeyCounts::settle_shard(size_t shard, int64_t min_frequency, Known& known) {
  Shard& full = shards_[shard];
  std::vector<Count> counts(full.counts.begin(), full.counts.end());
  full.counts = {};
  if (full.spilled) {
    const fs::path file = file_of(shard);
    const size_t size = fs::file_size(file) / sizeof(Count), here = counts.size();
    counts.resize(here + size);
    std::ifstream in(file, std::ios::binary);
    if (!in.read(reinterpret_cast<char*>(counts.data() + here),
                 static_cast<std::streamsize>(size * sizeof(Count))))
      throw_failed(file);
    fs::remove(file);
  }
  std::sort(counts.begin(), counts.end());
  for (size_t i = 0; i < counts.size();) {
    const int64_t key = counts[i].first;
    int64_t sum = 0;
    for (; i < counts.size() && counts[i].first == key; ++i) sum += counts[i].second;
    if (sum < min_frequency) continue;
    known.keys.push_back(key);
    known.counts.push_back(sum);
  }
}

KeyCounts::Known KeyCounts::settle(int64_t min_frequency, size_t threads) {
  Known all;
  OrderedWork(1).run(threads, [&](OrderedWork::Item& item) {
    if (item.number() >= static_cast<int64_t>(kShards)) return false;
    Known known;
    settle_shard(static_cast<size_t>(item.number()), min_frequency, known);
    item.in_order(0, [&] {
      all.keys.insert(all.keys.end(), known.keys.begin(), known.keys.end());
      all.counts.insert(all.counts.end(), known.counts.begin(), known.counts.end());
    });
    return true;
  });
  return all;
}

}  // namespace esmm::data
