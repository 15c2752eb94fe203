#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/data/dataset.h"

namespace esmm::train {

// Reorders impressions, which come in a random order, so that up to `most` of one user stand together: those
// with the same bags of the user's fields, by their hash. Runs of one user come in a random order, and so do
// the impressions within them.
void group_users(const data::Split& split, std::span<const int64_t> user_fields, int64_t most, Random random,
                 std::vector<int64_t>& impressions);

// of[i]: how many of impressions 1 .. i have other bags of the user's fields than the one before. Returns the
// first impression of each run of the same.
std::vector<int64_t> user_runs(const data::Split& split, std::span<const int64_t> user_fields,
                               std::span<const int64_t> impressions, std::span<int64_t> of);

}  // namespace esmm::train
