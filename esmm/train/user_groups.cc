#include "esmm/train/user_groups.h"

#include <algorithm>
#include <utility>

namespace esmm::train {
namespace {

constexpr size_t kChunk = 1024;

struct Hashed {
  uint64_t hash;
  int64_t impression;
};

std::vector<Hashed> hash_users(const data::Split& split, std::span<const int64_t> user_fields,
                               std::span<const int64_t> impressions) {
  std::vector<Hashed> hashed;
  hashed.reserve(impressions.size());
  std::vector<uint64_t> hashes;
  for (size_t begin = 0; begin < impressions.size(); begin += kChunk) {
    const auto chunk = impressions.subspan(begin, std::min(kChunk, impressions.size() - begin));
    hashes.resize(chunk.size());
    split.hash_bags(chunk, user_fields, hashes);
    for (size_t i = 0; i < chunk.size(); ++i) hashed.push_back({hashes[i], chunk[i]});
  }
  return hashed;
}

}  // namespace

void group_users(const data::Split& split, std::span<const int64_t> user_fields, int64_t most, Random random,
                 std::vector<int64_t>& impressions) {
  std::vector<Hashed> hashed = hash_users(split, user_fields, impressions);
  std::stable_sort(hashed.begin(), hashed.end(),
                   [](const Hashed& a, const Hashed& b) { return a.hash < b.hash; });
  std::vector<size_t> ends;  // of runs, in the order of `hashed`
  size_t begin = 0;
  for (size_t i = 1; i <= hashed.size(); ++i) {
    if (i < hashed.size() && hashed[i].hash == hashed[begin].hash && i - begin < static_cast<size_t>(most))
      continue;
    ends.push_back(i);
    begin = i;
  }
  std::vector<size_t> order(ends.size());
  for (size_t i = 0; i < order.size(); ++i) {  // Fisher-Yates, inside out
    const size_t other = random.below(i + 1);
    order[i] = order[other];
    order[other] = i;
  }
  impressions.clear();
  for (const size_t run : order) {
    for (size_t i = run == 0 ? 0 : ends[run - 1]; i < ends[run]; ++i)
      impressions.push_back(hashed[i].impression);
  }
}

std::vector<int64_t> user_runs(const data::Split& split, std::span<const int64_t> user_fields,
                               std::span<const int64_t> impressions, std::span<int64_t> of) {
  std::vector<uint8_t> same(impressions.size());  // as the next
  for (size_t begin = 0; begin + 1 < impressions.size(); begin += kChunk) {
    const size_t count = std::min(kChunk + 1, impressions.size() - begin);
    split.same_bags(impressions.subspan(begin, count), user_fields, std::span(same).subspan(begin, count));
  }
  std::vector<int64_t> firsts;
  for (size_t i = 0; i < impressions.size(); ++i) {
    if (i == 0 || same[i - 1] == 0) firsts.push_back(impressions[i]);
    of[i] = static_cast<int64_t>(firsts.size()) - 1;
  }
  return firsts;
}

}  // namespace esmm::train
