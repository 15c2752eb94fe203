#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"

namespace esmm {

// Feature key of a canonical text: XXH3_64(text, seed) as a signed number.
int64_t feature_key(std::string_view text, uint64_t seed);

// Turns raw values of one field into canonical texts and keys. Thread-safe.
class FieldEncoder {
 public:
  FieldEncoder(const Schema& schema, int64_t field);

  // Canonical text of one raw value, in `scratch` or a view of `value`. The empty text is a missing value and
  // stays empty (numeric: "nan" in any case is missing too). Returns false and says why, as in "expected a
  // whole number, got 'abc'", for a value that the field cannot have.
  bool canonical(std::string_view value, std::string& scratch, std::string_view& text,
                 std::string& why) const;

  // Key of a canonical text.
  int64_t key(std::string_view text) const { return feature_key(text, seed_); }

  // One bag from raw values: single-valued fields take one value at most (none or "" = missing: the key of
  // the empty text); of multi fields empty values are skipped (text of several: split_values.h). weights:
  // empty or one per value, finite. Closes the bag. Returns false, says why and leaves `out` as it was, for
  // bad input.
  bool append(std::span<const std::string_view> values, std::span<const float> weights, KeyBags& out,
              std::string& why) const;

  // One bag of a crossed field from the canonical texts of its two fields (joined by byte 0x1F).
  void append_cross(std::string_view first, std::string_view second, KeyBags& out) const;

  const Field& field() const { return field_; }

 private:
  Field field_;
  uint64_t seed_;
};

// Raw values of one impression's input field.
struct RawBag {
  std::span<const std::string_view> values;
  std::span<const float> weights;
};

// Encodes whole impressions whose fields are all at hand: what serving and prediction from one joined table
// use.
class RowEncoder {
 public:
  explicit RowEncoder(const Schema& schema);

  // raw: F entries in field order (those of crossed fields are ignored). Appends F bags. Returns false, says
  // which field and why, and leaves `out` as it was, for bad input.
  bool append(std::span<const RawBag> raw, KeyBags& out, std::string& why) const;

  const std::vector<FieldEncoder>& fields() const { return encoders_; }

 private:
  std::vector<FieldEncoder> encoders_;
  std::vector<std::pair<int64_t, int64_t>> crosses_;  // per field: places of its two fields, or -1
};

// Reads a finite number, the whole text: no locale, no spaces. Returns false where it is none.
bool parse_number(std::string_view text, double& number);

// "" or "nan" in any case.
bool is_missing_number(std::string_view text);

}  // namespace esmm
