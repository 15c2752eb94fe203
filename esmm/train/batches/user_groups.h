#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/data/dataset.h"

namespace esmm::train {

// The hash of each impression's bags of the user's fields (Split::hash_bags).
std::vector<uint64_t> hash_users(const data::Split& split, std::span<const int64_t> user_fields,
                                 std::span<const int64_t> impressions);

// Reorders impressions, which come in a random order, so that up to `most` of one user stand together: those
// with the same hash, hashes[i] of impressions[i]. Runs of one user come in a random order, and so do the
// impressions within them.
void group_users(std::span<const uint64_t> hashes, int64_t most, Random random,
                 std::vector<int64_t>& impressions);

// of[i]: how many of impressions 1 .. i have other bags of the user's fields than the one before. Returns the
// first impression of each run of the same.
std::vector<int64_t> user_runs(const data::Split& split, std::span<const int64_t> user_fields,
                               std::span<const int64_t> impressions, std::span<int64_t> of);

// The users of a whole split: impressions of one have the same bags of the user's fields, as same_bags says.
struct DistinctUsers {
  std::vector<int64_t> of;       // of each impression: which user
  std::vector<int64_t> firsts;   // of each user: the first impression
  std::vector<uint64_t> hashes;  // of each user, as hash_users gives
  int64_t size() const { return static_cast<int64_t>(firsts.size()); }
};
DistinctUsers distinct_users(const data::Split& split, std::span<const int64_t> user_fields);

}  // namespace esmm::train
