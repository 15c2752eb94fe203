#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "apps/bench/race.h"

namespace esmm::bench {

struct MetricsBench {
  int64_t rows = 10'000'000;
  int rounds = 5;
  std::filesystem::path arrays;  // where to also write scores.f32 and labels.f32; empty: nowhere
};

// AUC on one thread of distinct scores (auc) and of scores with 1,000 levels (auc_ties), 4 % of the rows
// positive. Stock: torch::sort and cumulative sums. Limit: our radix sort of (score, label) pairs that are
// already together. Throws InternalError where ours and stock's AUC differ.
std::vector<Row> bench_metrics(const MetricsBench& options);

}  // namespace esmm::bench
