#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm {

// Key -> table row. Thread-safe once built.
class Vocabulary {
 public:
  // Exact: keys sorted as signed numbers, without repeats (throws Error otherwise).
  // Rows 0 .. K-1 are the keys', row K + f is that of field f's unknown keys.
  Vocabulary(std::vector<int64_t> keys, int64_t fields);
  // Hashed: row = key & (2^bits - 1), bits 1 to 30.
  static Vocabulary hashed(int64_t bits, int64_t fields);
  ~Vocabulary();
  Vocabulary(Vocabulary&&) noexcept;
  Vocabulary& operator=(Vocabulary&&) noexcept;

  int32_t row_of(int64_t key, int64_t field) const;
  // Whether a key has a row of its own; where keys are hashed, each has one.
  bool knows(int64_t key) const;
  // Rows of B x F bags of keys, raw weights kept.
  RowBags rows_of(const KeyBags& keys) const;

  int64_t table_rows() const;             // V, below 2^31
  std::span<const int64_t> keys() const;  // K, empty in hashed mode
  int64_t fields() const { return fields_; }

 private:
  struct Index;  // open-addressing map from key to row
  Vocabulary() = default;
  std::vector<int64_t> keys_;
  int64_t fields_ = 0;
  int64_t mask_ = 0;  // hashed mode: 2^bits - 1; otherwise 0
  std::unique_ptr<Index> index_;
};

}  // namespace esmm
