#include "esmm/data/split_rule.h"

#include <algorithm>
#include <limits>

#include "esmm/core/random.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace {

int place_of(const std::string& split) {
  const auto found = std::find(kSplitNames.begin(), kSplitNames.end(), split);
  return found == kSplitNames.end() ? kLeftOut : static_cast<int>(found - kSplitNames.begin());
}

// A bound as a number; an open one is infinite.
bool read_bound(const std::string& text, double& number) {
  return text.empty() || parse_number(text, number);
}

}  // namespace

void ValueRange::add(std::string_view text) {
  if (!least_ || below(text, *least_)) least_ = text;
  if (!greatest_ || below(*greatest_, text)) greatest_ = text;
}

void ValueRange::add(const ValueRange& other) {
  numeric_ = other.numeric_;
  if (!other.least_) return;
  add(*other.least_);
  add(*other.greatest_);
}

std::string ValueRange::text() const { return least_ ? *least_ + " to " + *greatest_ : "no values"; }

bool ValueRange::below(std::string_view a, std::string_view b) const {
  if (!numeric_) return a < b;
  double left = 0, right = 0;
  return parse_number(a, left) && parse_number(b, right) && left < right;
}

SplitRule::SplitRule(const SplitConfig& config, const std::vector<SourceConfig>& sources) : config_(config) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const SourceConfig& source : sources) source_splits_.push_back(place_of(source.split));
  for (const SplitRange& texts : {config.train, config.validation, config.test}) {
    Range range{.texts = texts, .from = -kInfinity, .to = kInfinity, .values = {}};
    numeric_ = numeric_ && read_bound(texts.from, range.from) && read_bound(texts.to, range.to);
    for (const std::string& value : texts.values) {
      numeric_ = numeric_ && parse_number(value, range.values.emplace_back());
    }
    ranges_.push_back(std::move(range));
  }
}

std::optional<int> SplitRule::of(std::string_view text, int64_t number, size_t source) const {
  if (config_.by == SplitBy::source) return source_splits_[source];
  if (config_.by == SplitBy::fraction) {
    const double place = Random(config_.seed, static_cast<uint64_t>(number)).uniform();
    if (place < config_.test_fraction) return place_of("test");
    return place_of(place < config_.test_fraction + config_.validation_fraction ? "validation" : "train");
  }
  double value = 0;
  if (numeric_ && !parse_number(text, value)) return std::nullopt;
  for (size_t i = 0; i < ranges_.size(); ++i) {
    if (!ranges_[i].texts.given()) continue;
    if (numeric_ ? holds(ranges_[i], value) : holds(ranges_[i], text)) return static_cast<int>(i);
  }
  return kLeftOut;
}

bool SplitRule::holds(const Range& range, double number) const {
  if (!range.values.empty())
    return std::find(range.values.begin(), range.values.end(), number) != range.values.end();
  return number >= range.from && number <= range.to;
}

bool SplitRule::holds(const Range& range, std::string_view text) const {
  const SplitRange& bounds = range.texts;
  if (!bounds.values.empty())
    return std::find(bounds.values.begin(), bounds.values.end(), text) != bounds.values.end();
  return (bounds.from.empty() || text >= bounds.from) && (bounds.to.empty() || text <= bounds.to);
}

}  // namespace esmm::data
