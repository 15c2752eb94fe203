#include "apps/bench/ops_limits.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace esmm::bench {
namespace {

constexpr int64_t kLine = 64, kAhead = 16, kGrain = 4096;

// Volatile, so that what is read and put back is not optimised away.
volatile int32_t& word(char* at) { return *reinterpret_cast<volatile int32_t*>(at); }

}  // namespace

void touch_rows(const torch::Tensor& table, const torch::Tensor& ids, bool write) {
  const int64_t bytes = table.stride(0) * table.element_size(), n = ids.numel();
  auto* const base = static_cast<char*>(table.data_ptr());
  const auto* const row_of = ids.const_data_ptr<int32_t>();
  const auto touch = [&](auto writes, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const char* ahead = base + row_of[std::min(i + kAhead, n - 1)] * bytes;
      char* row = base + row_of[i] * bytes;
      for (int64_t at = 0; at < bytes; at += kLine) {
        __builtin_prefetch(ahead + at, decltype(writes)::value);
        [[maybe_unused]] const int32_t value = word(row + at);
        if constexpr (writes) word(row + at) = value;
      }
    }
  };
  at::parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
    write ? touch(std::true_type(), begin, end) : touch(std::false_type(), begin, end);
  });
}

void read_all(const torch::Tensor& values) {
  auto* const base = static_cast<char*>(values.data_ptr());
  const auto lines = static_cast<int64_t>(values.nbytes()) / kLine;
  at::parallel_for(0, lines, kGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      [[maybe_unused]] const int32_t value = word(base + i * kLine);
    }
  });
}

}  // namespace esmm::bench
