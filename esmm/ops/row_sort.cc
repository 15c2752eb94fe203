#include "esmm/ops/row_sort.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>
#include <utility>
#include <vector>

namespace esmm::ops {
namespace {

constexpr int kMostDigitBits = 11;  // 2,048 open cache lines while scattering
constexpr int64_t kSmallestChunk = int64_t{1} << 14;

struct Digit {
  int shift;
  uint32_t mask;
  uint32_t operator()(uint32_t row) const { return (row >> shift) & mask; }
  size_t values() const { return size_t{mask} + 1; }
};

std::vector<Digit> digits_of(int64_t table_rows) {
  const auto largest = static_cast<uint64_t>(std::max<int64_t>(table_rows, 2) - 1);
  const int bits = static_cast<int>(std::bit_width(largest));
  const int count = (bits + kMostDigitBits - 1) / kMostDigitBits;
  const int digit_bits = (bits + count - 1) / count;
  std::vector<Digit> digits;
  for (int k = 0; k < count; ++k) digits.push_back({k * digit_bits, (uint32_t{1} << digit_bits) - 1});
  return digits;
}

// Ids as they come in, and as a pass before has left them.
struct Unsorted {
  const int32_t* rows;
  RowAt operator[](int64_t i) const { return {static_cast<uint32_t>(rows[i]), static_cast<uint32_t>(i)}; }
};

// The n items in equal chunks, one per thread.
struct Chunks {
  int64_t n, count;
  int64_t begin(int64_t chunk) const { return n * chunk / count; }

  template <class Body>
  void in_parallel(const Body& body) const {
    at::parallel_for(0, count, 1, [&](int64_t first, int64_t last) {
      for (int64_t chunk = first; chunk < last; ++chunk) body(chunk);
    });
  }
};

// One stable pass. Chunks count their digits, learn where each digit's items of theirs begin, and write them
// there.
template <class From>
void sort_by(Digit digit, const Chunks& chunks, const From& from, RowAt* to) {
  const size_t values = digit.values();
  std::vector<uint32_t> places(values * static_cast<size_t>(chunks.count));  // [chunk, value]
  chunks.in_parallel([&](int64_t chunk) {
    uint32_t* count = places.data() + static_cast<size_t>(chunk) * values;
    for (int64_t i = chunks.begin(chunk); i < chunks.begin(chunk + 1); ++i) ++count[digit(from[i].row)];
  });
  uint32_t begin = 0;
  for (size_t value = 0; value < values; ++value) {
    for (size_t place = value; place < places.size(); place += values)
      begin += std::exchange(places[place], begin);
  }
  chunks.in_parallel([&](int64_t chunk) {
    uint32_t* place = places.data() + static_cast<size_t>(chunk) * values;
    for (int64_t i = chunks.begin(chunk); i < chunks.begin(chunk + 1); ++i) {
      const RowAt item = from[i];
      to[place[digit(item.row)]++] = item;
    }
  });
}

}  // namespace

std::unique_ptr<RowAt[]> sort_rows(const int32_t* rows, int64_t n, int64_t table_rows) {
  const auto make = [n] { return std::make_unique_for_overwrite<RowAt[]>(static_cast<size_t>(n)); };
  const Chunks chunks{n, std::clamp<int64_t>(n / kSmallestChunk, 1, at::get_num_threads())};
  const std::vector<Digit> digits = digits_of(table_rows);

  auto sorted = make();
  sort_by(digits[0], chunks, Unsorted{rows}, sorted.get());
  auto other = digits.size() > 1 ? make() : nullptr;
  for (size_t k = 1; k < digits.size(); ++k) {
    sort_by(digits[k], chunks, sorted.get(), other.get());
    std::swap(sorted, other);
  }
  return sorted;
}

}  // namespace esmm::ops
