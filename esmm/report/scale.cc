#include "esmm/report/scale.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "esmm/report/text.h"

namespace esmm::report {
namespace {

double transformed(Spacing spacing, double value) {
  switch (spacing) {
    case Spacing::log:
      return std::log(value);
    case Spacing::logit:
      return std::log(value) - std::log1p(-value);
    case Spacing::linear:
      break;
  }
  return value;
}

std::string tick_text(const Scale& scale, double value) {
  if (scale.unit == Unit::probability) return percent_text(value, 4);
  return scale.unit == Unit::count ? short_text(value) : number_text(value, 5);
}

// Of 1, 2, 5, 10, 20 … the smallest step of which `wanted` span the range.
double step_of(double range, int wanted) {
  const double power = std::pow(10, std::floor(std::log10(range / wanted)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (range / (factor * power) <= wanted) return factor * power;
  }
  return 10 * power;
}

std::vector<double> linear_ticks(const Scale& scale, int wanted) {
  std::vector<double> values;
  const double step = step_of(scale.high - scale.low, wanted);
  for (double n = std::ceil(scale.low / step - 1e-9); n * step <= scale.high + step * 1e-9; ++n)
    values.push_back(n * step);
  return values;
}

// All values with one significant digit of `digits`.
std::vector<double> decade_ticks(const Scale& scale, std::initializer_list<double> digits) {
  std::vector<double> values;
  const double lowest = scale.spacing == Spacing::logit ? std::min(scale.low, 1 - scale.high) : scale.low;
  const double highest = scale.spacing == Spacing::logit ? 0.5 : scale.high;
  for (double power = std::floor(std::log10(lowest)); power <= std::ceil(std::log10(highest)); ++power) {
    for (const double digit : digits) {
      const double value = digit * std::pow(10, power);
      if (scale.spacing == Spacing::logit && value > 0.5) continue;
      values.push_back(value);
      if (scale.spacing == Spacing::logit && value < 0.5) values.push_back(1 - value);
    }
  }
  std::erase_if(values, [&](double value) { return !scale.holds(value); });
  std::ranges::sort(values);
  return values;
}

// As many as fit without crowding: each kept one lies far enough from the one before.
std::vector<double> spread(const Scale& scale, const std::vector<double>& values, int wanted) {
  std::vector<double> kept;
  for (const double value : values) {
    if (kept.empty() || scale.place(value) - scale.place(kept.back()) > 0.6 / wanted) kept.push_back(value);
  }
  return kept;
}

std::vector<double> values_of_ticks(const Scale& scale, int wanted) {
  if (scale.spacing == Spacing::linear) return linear_ticks(scale, wanted);
  std::vector<double> values = decade_ticks(scale, {1, 5});
  if (values.size() < 4) values = decade_ticks(scale, {1, 2, 5});
  return values.size() < 2 ? linear_ticks(scale, wanted) : spread(scale, values, wanted);
}

}  // namespace

double Scale::place(double value) const {
  const double begin = transformed(spacing, low), end = transformed(spacing, high);
  return (transformed(spacing, value) - begin) / (end - begin);
}

bool Scale::holds(double value) const {
  const double at = place(value);
  return at >= -1e-9 && at <= 1 + 1e-9;
}

std::string Scale::text(double value) const {
  if (unit == Unit::probability) return percent_text(value, 4);
  return unit == Unit::count ? count_text(value) : number_text(value, 5);
}

std::vector<Tick> ticks(const Scale& scale, int wanted) {
  std::vector<Tick> ticks;
  for (const double value : values_of_ticks(scale, wanted)) ticks.push_back({value, tick_text(scale, value)});
  return ticks;
}

void fit(Scale& scale, const std::vector<double>& values) {
  const bool log = scale.spacing == Spacing::log;
  std::vector<double> shown;
  std::ranges::copy_if(values, std::back_inserter(shown), [&](double value) { return !log || value > 0; });
  scale.low = log ? 0.1 : 0;
  scale.high = 1;
  if (shown.empty()) return;
  const auto [low, high] = std::ranges::minmax(shown);
  if (log) {
    const double factor = high > low ? std::pow(high / low, 0.06) : 1.05;
    scale.low = low / factor;
    scale.high = high * factor;
  } else {
    const double room = high > low ? (high - low) * 0.06 : std::max(std::abs(high) * 0.05, 1e-6);
    scale.low = low - room;
    scale.high = high + room;
  }
}

}  // namespace esmm::report
