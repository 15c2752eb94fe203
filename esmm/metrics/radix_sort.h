#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace esmm::metrics {

// Unsigned numbers in the order of the scores they stand for; -0.0 and 0.0 share one. Not for NaN.
inline uint32_t ordered_key(float score) {
  constexpr uint32_t kSign = 0x8000'0000U;
  const auto bits = std::bit_cast<uint32_t>(score);
  return (bits & kSign) == 0 ? bits | kSign : ~bits + 1;
}
inline uint64_t ordered_key(double score) {
  constexpr uint64_t kSign = 0x8000'0000'0000'0000ULL;
  const auto bits = std::bit_cast<uint64_t>(score);
  return (bits & kSign) == 0 ? bits | kSign : ~bits + 1;
}

template <typename Score>
using OrderedKey = std::conditional_t<sizeof(Score) == 4, uint32_t, uint64_t>;

// Items in an uninitialised buffer: sorting tens of millions should not begin with writing zeros.
template <typename Item>
struct Buffer {
  explicit Buffer(size_t n) : items(std::make_unique_for_overwrite<Item[]>(n)), size(n) {}
  std::unique_ptr<Item[]> items;
  size_t size;

  Item& operator[](size_t i) { return items[i]; }
  const Item& operator[](size_t i) const { return items[i]; }
  std::span<const Item> view() const { return {items.get(), size}; }
};

// Sorts by the unsigned key(item), lowest digit first: stable, O(n), one read for all histograms and then one
// read and one write per digit. Digits in which all keys agree cost nothing.
template <typename Item, typename KeyOf>
void radix_sort(Buffer<Item>& buffer, KeyOf key) {
  using Key = std::invoke_result_t<KeyOf, const Item&>;
  constexpr int kDigitBits = 11;
  constexpr size_t kValues = size_t{1} << kDigitBits;
  constexpr size_t kDigits = (sizeof(Key) * 8 + kDigitBits - 1) / kDigitBits;
  const size_t n = buffer.size;
  if (n < 2) return;

  const auto counts = std::make_unique<std::array<std::array<size_t, kValues>, kDigits>>();
  for (size_t i = 0; i < n; ++i) {
    Key rest = key(buffer[i]);
    for (size_t digit = 0; digit < kDigits; ++digit, rest >>= kDigitBits)
      ++(*counts)[digit][rest & (kValues - 1)];
  }

  Buffer<Item> other(n);
  for (size_t digit = 0; digit < kDigits; ++digit) {
    const int shift = static_cast<int>(digit) * kDigitBits;
    auto& place = (*counts)[digit];
    if (place[(key(buffer[0]) >> shift) & (kValues - 1)] == n) continue;
    size_t begin = 0;
    for (size_t& count : place) begin += std::exchange(count, begin);
    const Item* from = buffer.items.get();
    Item* to = other.items.get();
    for (size_t i = 0; i < n; ++i) to[place[(key(from[i]) >> shift) & (kValues - 1)]++] = from[i];
    std::swap(buffer, other);
  }
}

}  // namespace esmm::metrics
