#include "esmm/features/field_encoder.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "esmm/core/error.h"

namespace esmm {
namespace {

constexpr char kCrossSeparator = '\x1F';

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "+01.0" -> "1". False where the text is no whole number.
bool canonical_integer(std::string_view value, std::string& scratch, std::string_view& text) {
  if (value.front() >= '1' && value.front() <= '9' && all_digits(value)) {
    text = value;
    return true;
  }
  const bool negative = value.front() == '-';
  std::string_view digits = value;
  if (negative || value.front() == '+') digits.remove_prefix(1);
  if (const size_t point = digits.find('.'); point != std::string_view::npos) {
    if (digits.find_first_not_of('0', point + 1) != std::string_view::npos) return false;
    digits = digits.substr(0, point);
  }
  if (!all_digits(digits)) return false;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  scratch.clear();
  if (digits.empty()) {
    scratch.push_back('0');
  } else {
    if (negative) scratch.push_back('-');
    scratch.append(digits);
  }
  text = scratch;
  return true;
}

int64_t bucket_of(double number, const Buckets& buckets) {
  if (buckets.method == BucketMethod::log2) {
    return number < 1.0
               ? 0
               : 1 + static_cast<int64_t>(std::floor(static_cast<double>(buckets.steps) * std::log2(number)));
  }
  return std::upper_bound(buckets.edges.begin(), buckets.edges.end(), number) - buckets.edges.begin();
}

// Digits with a point among them or none, 15 at most: such a number is a quotient of two that a double holds
// exactly, and so is rounded once (Clinger 1990). False: something else.
bool parse_short_decimal(std::string_view text, double& number) {
  constexpr double kPowers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  if (text.empty() || text.size() > 16) return false;
  int64_t digits = 0;
  size_t point = text.size();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] >= '0' && text[i] <= '9') {
      digits = 10 * digits + (text[i] - '0');
    } else if (text[i] == '.' && point == text.size()) {
      point = i;
    } else {
      return false;
    }
  }
  const size_t count = text.size() - (point < text.size() ? 1 : 0);
  if (count == 0 || count > 15) return false;
  number = static_cast<double>(digits) / kPowers[point < text.size() ? text.size() - 1 - point : 0];
  return true;
}

void rewind(KeyBags& bags, size_t ids, size_t weights) {
  bags.ids.resize(ids);
  bags.weights.resize(weights);
}

}  // namespace

int64_t feature_key(std::string_view text, uint64_t seed) {
  return static_cast<int64_t>(XXH3_64bits_withSeed(text.data(), text.size(), seed));
}

bool parse_number(std::string_view text, double& number) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  if (parse_short_decimal(text, number)) return true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

bool is_missing_number(std::string_view text) {
  return text.empty() || (text.size() == 3 && std::tolower(static_cast<unsigned char>(text[0])) == 'n' &&
                          std::tolower(static_cast<unsigned char>(text[1])) == 'a' &&
                          std::tolower(static_cast<unsigned char>(text[2])) == 'n');
}

FieldEncoder::FieldEncoder(const Schema& schema, int64_t field)
    : field_(schema.fields.at(static_cast<size_t>(field))), seed_(schema.seed_of(field)) {}

bool FieldEncoder::canonical(std::string_view value, std::string& scratch, std::string_view& text,
                             std::string& why) const {
  text = value;
  if (value.empty()) return true;
  if (field_.kind == FieldKind::numeric) {
    double number = 0;
    if (is_missing_number(value)) {
      text = {};
      return true;
    }
    if (!parse_number(value, number)) {
      why = fmt::format("expected a number, got '{}'", value);
      return false;
    }
    scratch = fmt::format("{}", bucket_of(number, field_.buckets));
    text = scratch;
    return true;
  }
  if (field_.type == ValueType::integer && !canonical_integer(value, scratch, text)) {
    why = fmt::format("expected a whole number, got '{}'", value);
    return false;
  }
  return true;
}

bool FieldEncoder::append(std::span<const std::string_view> values, std::span<const float> weights,
                          KeyBags& out, std::string& why) const {
  const bool multi = field_.kind == FieldKind::multi;
  if (!multi && values.size() > 1) {
    why = fmt::format("expected one value, got {}", values.size());
    return false;
  }
  if (!weights.empty() && weights.size() != values.size()) {
    why = fmt::format("expected {} weights, got {}", values.size(), weights.size());
    return false;
  }
  const size_t ids = out.ids.size(), old_weights = out.weights.size();
  std::string scratch;
  std::string_view text;
  for (size_t i = 0; i < values.size(); ++i) {
    const float weight = weights.empty() ? 1.0f : weights[i];
    if (!std::isfinite(weight)) why = "expected a finite weight";
    if (!std::isfinite(weight) || !canonical(values[i], scratch, text, why)) {
      rewind(out, ids, old_weights);
      return false;
    }
    if (multi && text.empty()) continue;
    out.push(key(text), weight);
  }
  if (!multi && values.empty()) out.push(key({}));
  out.close_bag();
  return true;
}

void FieldEncoder::append_cross(std::string_view first, std::string_view second, KeyBags& out) const {
  std::string text;
  text.reserve(first.size() + second.size() + 1);
  text.append(first).push_back(kCrossSeparator);
  text.append(second);
  out.push(key(text));
  out.close_bag();
}

RowEncoder::RowEncoder(const Schema& schema) {
  for (int64_t f = 0; f < schema.size(); ++f) {
    encoders_.emplace_back(schema, f);
    const std::vector<std::string>& cross = schema.fields[f].cross;
    crosses_.emplace_back(-1, -1);
    if (schema.fields[f].kind == FieldKind::crossed) {
      crosses_.back() = {schema.index_of(cross.at(0)), schema.index_of(cross.at(1))};
    }
  }
}

bool RowEncoder::append(std::span<const RawBag> raw, KeyBags& out, std::string& why) const {
  const size_t bags = out.offsets.size(), ids = out.ids.size(), weights = out.weights.size();
  std::string scratch_first, scratch_second;
  bool good = true;
  for (size_t f = 0; f < encoders_.size() && good; ++f) {
    const auto [first, second] = crosses_[f];
    if (first < 0) {
      good = encoders_[f].append(raw[f].values, raw[f].weights, out, why);
    } else {
      std::string_view first_text, second_text;
      const auto value = [&](int64_t field) {
        return raw[field].values.empty() ? std::string_view{} : raw[field].values[0];
      };
      good = encoders_[first].canonical(value(first), scratch_first, first_text, why) &&
             encoders_[second].canonical(value(second), scratch_second, second_text, why);
      if (good) encoders_[f].append_cross(first_text, second_text, out);
    }
    if (!good) why = fmt::format("field {}: {}", encoders_[f].field().name, why);
  }
  if (!good) {
    out.offsets.resize(bags);
    rewind(out, ids, weights);
  }
  return good;
}

}  // namespace esmm
