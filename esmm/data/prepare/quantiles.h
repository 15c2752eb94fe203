#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "esmm/config/data_config.h"
#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/prepare/prepare_options.h"
#include "esmm/features/schema.h"

namespace esmm::data {

// Exact quantiles of many numbers; keeps each different number once.
class NumberCounts {
 public:
  NumberCounts() = default;
  // fresh: so many numbers are sorted into the others at once.
  explicit NumberCounts(size_t fresh) : most_fresh_(fresh) {}

  void add(double number);
  // At most buckets - 1 rising edges that cut the numbers into buckets of about equal size: edge i is the
  // number at place floor(i * n / buckets) of the n sorted ones. Edges that are equal, or below which nothing
  // lies, fall away.
  std::vector<double> edges(int64_t buckets);

 private:
  void merge();

  size_t most_fresh_ = size_t{1} << 20;
  std::vector<double> fresh_;
  std::vector<std::pair<double, int64_t>> counts_;  // rising numbers
};

// Fits the edges of every field with quantile buckets on training impressions: one pass over the raw logs,
// none where no field needs it. A joined row counts once per training impression that joins it. bytes: of all
// files, for the progress.
void fit_quantiles(const DataConfig& config, const RawPlan& plan, const PrepareOptions& options,
                   size_t threads, int64_t bytes, Schema& schema);

}  // namespace esmm::data
