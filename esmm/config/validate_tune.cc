#include "esmm/config/validate.h"

#include <fmt/format.h>

#include <cmath>

namespace esmm::config {
namespace {

void validate_numbers(const TuneRange& range, const std::string& path, Problems& problems) {
  if (!range.low || !range.high) {
    problems.add(path, {.what = "lacks its bounds", .hint = "give low and high, or values"});
    return;
  }
  const double low = *range.low, high = *range.high;
  if (low > high) {
    problems.add(
        path,
        {.what = "low lies above high", .got = fmt::format("{} and {}", low, high), .hint = "swap them"});
  } else if (range.scale == RangeScale::log && low <= 0) {
    problems.add(path + ".low", {.what = "scale log needs positive numbers", .got = fmt::format("{}", low)});
  } else if (range.scale == RangeScale::integer && (low != std::floor(low) || high != std::floor(high))) {
    problems.add(path,
                 {.what = "scale integer needs whole numbers", .got = fmt::format("{} and {}", low, high)});
  }
}

void validate_range(const TuneRange& range, const std::string& path, Problems& problems) {
  if (!is_setting(range.key) || range.key == "train.device" || range.key == "train.threads" ||
      range.key == "train.loader_threads") {
    problems.add(
        path + ".key",
        {.what = "not a key that can be tuned",
         .expected = "a key of model or train but train.run, seed, device, threads and loader_threads",
         .got = range.key});
  }
  if (range.values.empty()) {
    validate_numbers(range, path, problems);
  } else if (range.low || range.high) {
    problems.add(path,
                 {.what = "values and bounds contradict each other", .hint = "give values, or low and high"});
  }
}

}  // namespace

void validate_tune(const Config& config, Problems& problems) {
  const TuneConfig& tune = config.tune;
  if (!problems.clean("tune") || (tune.metric.empty() && tune.ranges.empty())) return;
  if (tune.metric.empty()) {
    problems.add("tune.metric", {.what = "missing", .hint = "say what the trials are to be chosen by"});
  } else {
    validate_metric("tune.metric", "tune", tune.metric, config, problems);
  }
  std::vector<std::string> keys;
  for (size_t i = 0; i < tune.ranges.size(); ++i) {
    validate_range(tune.ranges[i], entry_path("tune.ranges", i), problems);
    keys.push_back(tune.ranges[i].key);
  }
  refuse_repeated(keys, "tune.ranges", "key", problems);
}

}  // namespace esmm::config
