#pragma once

#include <optional>
#include <string>
#include <utility>

namespace esmm::metrics {

// A number, or why there is none.
struct Value {
  std::optional<double> number;
  std::string reason;  // set where number is not
};

// A normal variable is this many standard deviations or less from its mean in 95 of 100 cases.
inline constexpr double kTwoSided95 = 1.959963984540054;

inline Value defined(double number) { return {number, {}}; }
inline Value undefined(std::string reason) { return {std::nullopt, std::move(reason)}; }

}  // namespace esmm::metrics
