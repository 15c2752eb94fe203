#pragma once

#include <string>
#include <vector>

namespace esmm::report {

// How an axis' values lie along it.
enum class Spacing {
  linear,
  log,    // values above 0
  logit,  // probabilities above 0 and below 1: ln(p / (1 - p))
};

enum class Unit { number, count, probability };

// A value on an axis, and what is written there.
struct Tick {
  double value;
  std::string label;
};

// An axis: what it shows and where a value lies on it.
struct Scale {
  std::string label = {};
  double low = 0, high = 1;  // its ends; low < high
  Spacing spacing = Spacing::linear;
  Unit unit = Unit::number;

  // 0 at the low end, 1 at the high one; outside of them where the value is.
  double place(double value) const;
  bool holds(double value) const;
  std::string text(double value) const;  // with its unit, for a person who points at it
};

// Values of 1, 2 or 5 times a power of ten (logit: also their complements), `wanted` or so.
std::vector<Tick> ticks(const Scale& scale, int wanted = 6);

// Ends that hold all values with a little room around them, of a linear or log axis (there: all values above
// 0). No such values: 0 and 1 (log: 0.1 and 1).
void fit(Scale& scale, const std::vector<double>& values);

}  // namespace esmm::report
