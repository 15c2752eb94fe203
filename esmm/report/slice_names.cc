#include "esmm/report/slice_names.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "esmm/features/field_encoder.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

constexpr int kFirstNumber = -99, kLastNumber = 9'999'999;  // that are tried: 0.3 s where one is not found

// Bucket -> its range.
std::string bucket_name(const Buckets& buckets, int bucket) {
  const auto range = [](const std::string& low, const std::string& high) {
    if (low.empty()) return "below " + high;
    return high.empty() ? low + " and more" : low + " to " + high;
  };
  if (buckets.method == BucketMethod::log2) {
    const auto edge = [&](int n) {
      return number_text(std::exp2(static_cast<double>(n) / static_cast<double>(buckets.steps)));
    };
    return bucket == 0 ? range("", "1") : range(edge(bucket - 1), edge(bucket));
  }
  const auto edge = [&](int n) {
    return n < 0 || n >= static_cast<int>(buckets.edges.size())
               ? std::string()
               : number_text(buckets.edges[static_cast<size_t>(n)], 6);
  };
  return buckets.edges.empty() ? "all numbers" : range(edge(bucket - 1), edge(bucket));
}

// Names of keys whose texts are missing or small whole numbers; the others stay empty.
class NamesOfKeys {
 public:
  NamesOfKeys(const Field& field, uint64_t seed) : field_(field), seed_(seed) {}

  void want(int64_t key) { names_.emplace(key, ""); }

  void find() {
    if (std::string* name = wanted("")) *name = "missing";
    std::array<char, 16> digits;
    for (int number = kFirstNumber; number <= kLastNumber && found_ < names_.size(); ++number) {
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
      const std::string_view text(digits.data(), static_cast<size_t>(end - digits.data()));
      if (std::string* name = wanted(text))
        *name = field_.kind == FieldKind::numeric ? bucket_name(field_.buckets, number) : std::string(text);
    }
  }

  const std::string& name(int64_t key) const { return names_.at(key); }

 private:
  // Where the name of a text's key goes; none: its key is not wanted.
  std::string* wanted(std::string_view text) {
    const auto found = names_.find(feature_key(text, seed_));
    if (found == names_.end()) return nullptr;
    ++found_;
    return &found->second;
  }

  const Field& field_;
  uint64_t seed_;
  std::unordered_map<int64_t, std::string> names_;
  size_t found_ = 0;
};

}  // namespace

std::vector<std::string> slice_names(std::span<const int32_t> rows, const Schema& schema, int64_t field,
                                     std::span<const int64_t> vocabulary) {
  NamesOfKeys keys(schema.fields[static_cast<size_t>(field)], schema.seed_of(field));
  for (const int32_t row : rows) {
    if (static_cast<size_t>(row) < vocabulary.size()) keys.want(vocabulary[static_cast<size_t>(row)]);
  }
  keys.find();
  std::vector<std::string> names;
  for (const int32_t row : rows) {
    const auto at = static_cast<size_t>(row);
    names.push_back(at < vocabulary.size() ? keys.name(vocabulary[at]) : vocabulary.empty() ? "" : "unknown");
    if (names.back().empty()) names.back() = "table row " + std::to_string(row);
  }
  return names;
}

}  // namespace esmm::report
