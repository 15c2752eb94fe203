#include "esmm/experiment/trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "esmm/config/tune_keys.h"
#include "esmm/core/error.h"
#include "esmm/core/random.h"

namespace esmm::experiment {
namespace {

std::string drawn(const TuneRange& range, Random& random) {
  if (!range.values.empty()) return range.values[random.below(range.values.size())];
  const double low = range.low.value(), high = range.high.value();
  switch (range.scale) {
    case RangeScale::integer: {
      const auto first = static_cast<int64_t>(low);
      return fmt::format("{}",
                         first + static_cast<int64_t>(random.below(static_cast<uint64_t>(high - low) + 1)));
    }
    case RangeScale::linear:
    case RangeScale::log:
      break;
  }
  const double u = random.uniform();
  const double value =
      range.scale == RangeScale::log ? low * std::pow(high / low, u) : low + u * (high - low);
  const double rounded = std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr);
  return fmt::format("{}", std::clamp(rounded, low, high));
}

std::vector<std::string> ends_of(const TuneRange& range) {
  if (!range.values.empty()) return range.values;
  return {fmt::format("{}", range.low.value()), fmt::format("{}", range.high.value())};
}

// Both ends of a range are good: what lies between them is but where the key takes whole numbers.
void require_fractions(const TuneRange& range, const LoadConfig& load) {
  const double low = range.low.value(), high = range.high.value();
  constexpr double kShare = 0.4142135;  // hardly a whole number of anything
  try {
    load({fmt::format("{}={}", range.key, low + kShare * (high - low))});
  } catch (const ConfigError&) {
    throw ConfigError({.what = "takes whole numbers",
                       .where = "tune.ranges " + range.key,
                       .got = "scale: " + config::text_of(range.scale),
                       .hint = "set scale: integer, or list the values"});
  }
}

}  // namespace

std::vector<Trial> draw_trials(const TuneConfig& tune) {
  std::vector<Trial> trials;
  for (int64_t number = 1; number <= tune.trials; ++number) {
    Random random(tune.seed, static_cast<uint64_t>(number));
    Trial trial{.number = number, .set = {}};
    for (const TuneRange& range : tune.ranges) trial.set.push_back(range.key + "=" + drawn(range, random));
    trials.push_back(std::move(trial));
  }
  return trials;
}

void check_ranges(const TuneConfig& tune, const LoadConfig& load) {
  if (tune.ranges.empty())
    throw ConfigError({.what = "missing", .where = "tune.ranges", .hint = "say which keys are to be tuned"});
  for (const TuneRange& range : tune.ranges) {
    for (const std::string& value : ends_of(range))
      load_for("tune.ranges " + range.key, {range.key + "=" + value}, load);
    if (range.values.empty() && range.scale != RangeScale::integer) require_fractions(range, load);
  }
}

std::vector<Config> configs_of(const std::vector<Trial>& trials, const LoadConfig& load) {
  std::vector<Config> configs;
  for (const Trial& trial : trials) {
    const std::string who = fmt::format("trial {} ({})", trial.number, fmt::join(trial.set, ", "));
    configs.push_back(load_for(who, trial.set, load));
  }
  return configs;
}

}  // namespace esmm::experiment
