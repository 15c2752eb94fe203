#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/config/split_order.h"
#include "esmm/data/split_names.h"

namespace esmm::data {

inline constexpr int kLeftOut = -1;  // a place among no kSplitNames

// The least and the greatest of some values of a split's column.
class ValueRange {
 public:
  // number: that of the text in the split's order; 0 where texts compare.
  void add(double number, std::string_view text);
  void add(const ValueRange& other);
  // "1 to 9"; "no values".
  std::string text() const;

 private:
  struct Seen {
    double number;
    std::string text;
    SplitValue value() const { return {number, text}; }  // among equal numbers the text decides
  };

  std::optional<Seen> least_, greatest_;
};

// Says which split an impression belongs to: a place in kSplitNames or kLeftOut.
class SplitRule {
 public:
  // config outlives it. sources: of impressions, in order.
  SplitRule(const SplitConfig& config, const std::vector<SourceConfig>& sources);

  // By column: value is what order() makes of the column's text.
  int of_value(const SplitValue& value) const;
  // By fraction or source. number: the impression's place in all that is read, so that a seeded fraction does
  // not depend on how reading is cut into chunks.
  int of_row(int64_t number, size_t source) const;

  const SplitOrder& order() const { return order_; }

 private:
  const SplitConfig& config_;
  SplitOrder order_;
  std::vector<std::vector<SplitInterval>> intervals_;  // by column: per split
  std::vector<int> source_splits_;                     // by source
};

}  // namespace esmm::data
