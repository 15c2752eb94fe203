#pragma once

#include <string>

namespace esmm::report {

// A drawing's size and the room around its plot, in pixels.
struct Frame {
  double width, height;
  double left, right, top, bottom;

  constexpr double inner_width() const { return width - left - right; }
  constexpr double inner_height() const { return height - top - bottom; }
};

// The opening of an SVG that scales with the page and names itself to a screen reader. Ends in "</svg>".
std::string begin_svg(const Frame& frame, const std::string& id, const std::string& title,
                      const std::string& description);

// anchor: start, middle or end. kind: a class of the style sheet, or empty.
std::string text(double x, double y, const std::string& words, const std::string& anchor,
                 const std::string& kind = "");

// A legend's entry with a sample of the line: <li>. dots: only dots are drawn.
std::string legend_entry(const std::string& name, int colour, bool dashed, bool filled, bool dots);

}  // namespace esmm::report
