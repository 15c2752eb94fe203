#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace esmm::report {

// Text for HTML and SVG, in elements and in quoted attributes: & < > " ' as entities, control characters and
// bytes that are no UTF-8 as U+FFFD.
std::string escape(std::string_view text);

// A number with so many significant digits, without an exponent where it can be: 0.01234, 1.5, 120000.
std::string number_text(double value, int digits = 4);
// With thousands apart: 1,234,567.
std::string count_text(double value);
// A probability in percent: 12.5 %, 0.004 %.
std::string percent_text(double value, int digits = 3);
// Short, for an axis: 20k, 1.5M.
std::string short_text(double value);
// A coordinate in pixels: one decimal at most.
std::string pixels(double value);

}  // namespace esmm::report
