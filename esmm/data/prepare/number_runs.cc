#include "esmm/data/prepare/number_runs.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <memory>
#include <utility>

#include <arrow/array.h>
#include <arrow/type.h>

namespace esmm::data {
namespace {

using Run = std::span<const double>;  // sorted

const std::shared_ptr<arrow::Schema>& run_schema() {
  static const std::shared_ptr<arrow::Schema> schema =
      arrow::schema({arrow::field("number", arrow::float64(), false)});
  return schema;
}

// Doubles in their order, as integers, and back.
constexpr uint64_t kSign = uint64_t{1} << 63;

uint64_t order_of(double number) {
  const auto bits = std::bit_cast<uint64_t>(number);
  return bits & kSign ? ~bits : bits | kSign;
}

double number_of(uint64_t order) { return std::bit_cast<double>(order & kSign ? order & ~kSign : ~order); }

int64_t count_up_to(const std::vector<Run>& runs, double number) {
  int64_t count = 0;
  for (const Run& run : runs) count += std::upper_bound(run.begin(), run.end(), number) - run.begin();
  return count;
}

// The number at a place of all sorted numbers, which is `least` or more and `greatest` or less.
double number_at(const std::vector<Run>& runs, int64_t place, double least, double greatest) {
  uint64_t low = order_of(least), high = order_of(greatest);
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (count_up_to(runs, number_of(middle)) > place) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return number_of(low) + 0.0;  // 0 for -0, which is no other number
}

}  // namespace

NumberRuns::NumberRuns(std::filesystem::path file, size_t fields, size_t most)
    : file_(std::move(file)), most_(most), fresh_(fields), writer_(file_, run_schema()) {}

void NumberRuns::add(size_t field, std::span<const double> numbers) {
  std::vector<double> full;
  {
    const std::lock_guard lock(mutex_);
    std::vector<double>& fresh = fresh_[field];
    fresh.insert(fresh.end(), numbers.begin(), numbers.end());
    if (fresh.size() < most_) return;
    full.swap(fresh);
  }
  write(field, std::move(full));
}

void NumberRuns::write(size_t field, std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const auto size = static_cast<int64_t>(numbers.size());
  const auto array = std::make_shared<arrow::DoubleArray>(size, buffer_of(std::move(numbers)));
  const auto run = arrow::RecordBatch::Make(run_schema(), size, {array});
  const std::lock_guard lock(mutex_);
  writer_.write(*run);
  fields_.push_back(field);
}

void NumberRuns::close() {
  for (size_t field = 0; field < fresh_.size(); ++field) {
    if (!fresh_[field].empty()) write(field, std::exchange(fresh_[field], {}));
  }
  writer_.close();
  runs_ = map_arrow_file(file_, *run_schema());
}

std::vector<double> NumberRuns::edges(size_t field, int64_t buckets) const {
  std::vector<Run> runs;
  int64_t total = 0;
  double least = std::numeric_limits<double>::infinity(), greatest = -least;
  for (size_t i = 0; i < runs_.size(); ++i) {
    if (fields_[i] != field) continue;
    const auto& numbers = static_cast<const arrow::DoubleArray&>(*runs_[i]->column(0));
    runs.emplace_back(numbers.raw_values(), static_cast<size_t>(numbers.length()));
    total += numbers.length();
    least = std::min(least, runs.back().front());
    greatest = std::max(greatest, runs.back().back());
  }
  std::vector<double> edges;
  double last = least;
  int64_t covered = count_up_to(runs, least);  // by the numbers up to `last`
  for (int64_t i = 1; i < buckets; ++i) {
    const auto place = static_cast<int64_t>(static_cast<__int128>(i) * total / buckets);
    if (place < covered || total == 0) continue;
    last = number_at(runs, place, last, greatest);
    covered = count_up_to(runs, last);
    edges.push_back(last);
  }
  return edges;
}

}  // namespace esmm::data
