#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <vector>

#include "esmm/data/arrow_file.h"

namespace esmm::data {

// Exact quantiles of numbers, more than memory holds: where it is full they move to a file, a sorted run
// after the other.
class NumberRuns {
 public:
  // most: numbers in memory, for each thread that sorts some of them.
  NumberRuns(std::filesystem::path file, size_t most);

  // None of them NaN. Any thread.
  void add(std::span<const double> numbers);

  // At most buckets - 1 rising edges that cut the numbers into buckets of about equal size: edge i is the
  // number at place floor(i * n / buckets) of the n sorted ones. Edges that are equal, or below which nothing
  // lies, fall away. Ends the adding.
  std::vector<double> edges(int64_t buckets);

 private:
  void write(std::vector<double> numbers);

  std::filesystem::path file_;
  size_t most_;
  std::mutex mutex_;
  std::vector<double> fresh_;
  ArrowFileWriter runs_;
};

}  // namespace esmm::data
