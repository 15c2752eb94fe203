#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

inline constexpr size_t kWord = sizeof(uint64_t);  // bytes read at once, behind a text's end too

// Where a field's ids and values go; null: not asked for.
struct FieldColumns {
  RawColumn* ids = nullptr;
  RawColumn* weights = nullptr;
};

// The first 8 bytes at `text`, those from `size` on as zero.
inline uint64_t word_at(const char* text, size_t size) {
  static_assert(std::endian::native == std::endian::little);
  uint64_t word = 0;
  std::memcpy(&word, text, kWord);
  return size >= kWord ? word : word & ((uint64_t{1} << (8 * size)) - 1);
}

// Columns of the fields asked for, by the field's text.
class FieldTable {
 public:
  FieldColumns& operator[](std::string_view name) {
    for (Entry& entry : entries_) {
      if (entry.name == name) return entry.columns;
    }
    Entry& entry = entries_.emplace_back();
    entry.name = name;
    std::memcpy(&entry.word, name.data(), std::min(name.size(), kWord));
    return entry.columns;
  }

  // After the last []: makes find() ready.
  void index() {
    size_t size = 64;
    while (size < 4 * entries_.size()) size *= 2;
    shift_ = 64 - std::countr_zero(size);
    slots_.assign(size, 0);
    for (size_t i = 0; i < entries_.size(); ++i) {
      size_t slot = slot_of(entries_[i].word);
      while (slots_[slot] != 0) slot = (slot + 1) % size;
      slots_[slot] = i + 1;
    }
  }

  // word: word_at(name).
  const FieldColumns* find(std::string_view name, uint64_t word) const {
    for (size_t slot = slot_of(word); slots_[slot] != 0; slot = (slot + 1) % slots_.size()) {
      const Entry& entry = entries_[slots_[slot] - 1];
      if (entry.word == word && entry.name.size() == name.size() &&
          (name.size() <= kWord || entry.name == name))
        return &entry.columns;
    }
    return nullptr;
  }

 private:
  struct Entry {
    std::string_view name;
    uint64_t word = 0;
    FieldColumns columns;
  };
  size_t slot_of(uint64_t word) const { return (word * 0x9E3779B97F4A7C15u) >> shift_; }

  std::vector<Entry> entries_;
  std::vector<size_t> slots_;  // place among the entries + 1; 0: free
  int shift_ = 0;
};

}  // namespace esmm::data
