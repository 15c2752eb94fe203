#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/config/data_config.h"

namespace esmm::data {

inline constexpr std::array<const char*, 3> kSplitNames{"train", "validation", "test"};
inline constexpr int kTrain = 0;
inline constexpr int kLeftOut = -1;

// The least and the greatest of some values, in the order that a split by column compares in.
class ValueRange {
 public:
  // numeric: by number, else as text.
  explicit ValueRange(bool numeric = false) : numeric_(numeric) {}
  void add(std::string_view text);
  void add(const ValueRange& other);
  // "1 to 9"; "no values".
  std::string text() const;

 private:
  bool below(std::string_view a, std::string_view b) const;

  bool numeric_;
  std::optional<std::string> least_, greatest_;
};

// Says which split an impression belongs to: a place in kSplitNames or kLeftOut.
class SplitRule {
 public:
  // sources: of impressions, in order.
  SplitRule(const SplitConfig& config, const std::vector<SourceConfig>& sources);

  // text: value of the split's column ("" otherwise). number: the impression's place in all that is read, so
  // that a seeded fraction does not depend on how reading is cut into chunks. Returns nothing where a number
  // is wanted and text is none.
  std::optional<int> of(std::string_view text, int64_t number, size_t source) const;

  // Whether values of the split's column compare as numbers.
  bool numeric() const { return numeric_; }

 private:
  struct Range {
    SplitRange texts;
    double from, to;  // numeric bounds
    std::vector<double> values;
  };

  bool holds(const Range& range, std::string_view text) const;
  bool holds(const Range& range, double number) const;

  SplitConfig config_;
  bool numeric_ = true;
  std::vector<Range> ranges_;       // by column: per split
  std::vector<int> source_splits_;  // by source
};

}  // namespace esmm::data
