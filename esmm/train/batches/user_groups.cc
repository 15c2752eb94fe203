#include "esmm/train/batches/user_groups.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace esmm::train {
namespace {

constexpr size_t kChunk = 1024;

struct Hashed {
  uint64_t hash;
  int64_t impression;
};

// Users as they are found, impression after impression.
class UserSearch {
 public:
  UserSearch(const data::Split& split, std::span<const int64_t> user_fields)
      : split_(split), user_fields_(user_fields) {}

  // Impressions [begin, end), which come after those of before.
  void add(int64_t begin, int64_t end) {
    std::vector<int64_t> chunk(static_cast<size_t>(end - begin));
    std::iota(chunk.begin(), chunk.end(), begin);
    const std::vector<uint64_t> hashes = hash_users(split_, user_fields_, chunk);
    // Users of one hash are all but always one: what is compared is the first of them, of all at once.
    std::vector<int64_t> pairs;
    for (size_t i = 0; i < chunk.size(); ++i) {
      const auto [found, is_new] = first_of_hash_.try_emplace(hashes[i], users_.size());
      if (is_new) add_user(chunk[i], hashes[i]);
      users_.of.push_back(found->second);
      pairs.insert(pairs.end(), {users_.firsts[found->second], chunk[i]});
    }
    std::vector<uint8_t> same(pairs.size());
    split_.same_bags(pairs, user_fields_, same);
    for (size_t i = 0; i < chunk.size(); ++i) {
      if (same[2 * i] == 0) users_.of[chunk[i]] = among_others(users_.of[chunk[i]], chunk[i]);
    }
  }

  DistinctUsers take() { return std::move(users_); }

 private:
  void add_user(int64_t impression, uint64_t hash) {
    users_.firsts.push_back(impression);
    users_.hashes.push_back(hash);
  }

  // Of an impression that has a user's hash and not its bags.
  int64_t among_others(int64_t user, int64_t impression) {
    std::vector<int64_t>& others = others_[user];
    for (const int64_t other : others) {
      const std::array<int64_t, 2> pair{users_.firsts[other], impression};
      std::array<uint8_t, 2> same{};
      split_.same_bags(pair, user_fields_, same);
      if (same[0] != 0) return other;
    }
    others.push_back(users_.size());
    add_user(impression, users_.hashes[user]);
    return others.back();
  }

  const data::Split& split_;
  std::span<const int64_t> user_fields_;
  DistinctUsers users_;
  std::unordered_map<uint64_t, int64_t> first_of_hash_;
  std::unordered_map<int64_t, std::vector<int64_t>> others_;  // of a hash's first user: all others
};

}  // namespace

std::vector<uint64_t> hash_users(const data::Split& split, std::span<const int64_t> user_fields,
                                 std::span<const int64_t> impressions) {
  std::vector<uint64_t> hashes(impressions.size());
  for (size_t begin = 0; begin < impressions.size(); begin += kChunk) {
    const size_t count = std::min(kChunk, impressions.size() - begin);
    split.hash_bags(impressions.subspan(begin, count), user_fields, std::span(hashes).subspan(begin, count));
  }
  return hashes;
}

void group_users(std::span<const uint64_t> hashes, int64_t most, Random random,
                 std::vector<int64_t>& impressions) {
  std::vector<Hashed> hashed;
  hashed.reserve(impressions.size());
  for (size_t i = 0; i < impressions.size(); ++i) hashed.push_back({hashes[i], impressions[i]});
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

DistinctUsers distinct_users(const data::Split& split, std::span<const int64_t> user_fields) {
  UserSearch search(split, user_fields);
  for (int64_t begin = 0; begin < split.size(); begin += static_cast<int64_t>(kChunk))
    search.add(begin, std::min(begin + static_cast<int64_t>(kChunk), split.size()));
  return search.take();
}

}  // namespace esmm::train
