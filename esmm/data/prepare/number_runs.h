#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "esmm/data/arrow_file.h"

namespace esmm::data {

// Exact quantiles of several fields' numbers, more than memory holds: where it is full they move to a file, a
// sorted run after the other.
class NumberRuns {
 public:
  // most: numbers of a field in memory, and as many for each thread that sorts some.
  NumberRuns(std::filesystem::path file, size_t fields, size_t most);

  // None of them NaN. Any thread.
  void add(size_t field, std::span<const double> numbers);
  // Ends the adding.
  void close();

  // After close(). At most buckets - 1 rising edges that cut the field's numbers into buckets of about equal
  // size: edge i is the number at place floor(i * n / buckets) of the n sorted ones. Edges that are equal, or
  // below which nothing lies, fall away.
  std::vector<double> edges(size_t field, int64_t buckets) const;

 private:
  void write(size_t field, std::vector<double> numbers);

  std::filesystem::path file_;
  size_t most_;
  std::mutex mutex_;
  std::vector<std::vector<double>> fresh_;  // per field
  ArrowFileWriter writer_;
  std::vector<size_t> fields_;                             // per run as written
  std::vector<std::shared_ptr<arrow::RecordBatch>> runs_;  // after close(), memory-mapped
};

}  // namespace esmm::data
