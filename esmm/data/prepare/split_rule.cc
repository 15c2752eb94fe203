#include "esmm/data/prepare/split_rule.h"

#include <algorithm>

#include "esmm/core/random.h"

namespace esmm::data {
namespace {

int place_of(const std::string& split) {
  const auto found = std::find(kSplitNames.begin(), kSplitNames.end(), split);
  return found == kSplitNames.end() ? kLeftOut : static_cast<int>(found - kSplitNames.begin());
}

}  // namespace

void ValueRange::add(double number, std::string_view text) {
  const SplitValue value{number, text};
  if (!least_ || value < least_->value()) least_ = Seen{number, std::string(text)};
  if (!greatest_ || greatest_->value() < value) greatest_ = Seen{number, std::string(text)};
}

void ValueRange::add(const ValueRange& other) {
  if (!other.least_) return;
  add(other.least_->number, other.least_->text);
  add(other.greatest_->number, other.greatest_->text);
}

std::string ValueRange::text() const {
  return least_ ? least_->text + " to " + greatest_->text : "no values";
}

SplitRule::SplitRule(const SplitConfig& config, const std::vector<SourceConfig>& sources)
    : config_(config), order_(config) {
  for (const SourceConfig& source : sources) source_splits_.push_back(place_of(source.split));
  for (const SplitRange* range : {&config.train, &config.validation, &config.test})
    intervals_.push_back(order_.intervals(*range));
}

int SplitRule::of_value(const SplitValue& value) const {
  for (size_t i = 0; i < intervals_.size(); ++i) {
    for (const SplitInterval& interval : intervals_[i]) {
      if (interval.holds(value)) return static_cast<int>(i);
    }
  }
  return kLeftOut;
}

int SplitRule::of_row(int64_t number, size_t source) const {
  if (config_.by == SplitBy::source) return source_splits_[source];
  const double place = Random(config_.seed, static_cast<uint64_t>(number)).uniform();
  if (place < config_.test_fraction) return place_of("test");
  return place_of(place < config_.test_fraction + config_.validation_fraction ? "validation" : "train");
}

}  // namespace esmm::data
