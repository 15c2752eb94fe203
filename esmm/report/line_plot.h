#pragma once

#include <string>
#include <vector>

#include "esmm/report/scale.h"

namespace esmm::report {

struct Point {
  double x, y;
  std::string note = {};  // shown to who points at it, behind x and y
  // Ends of a vertical bar through the point; none where they are equal.
  double low = 0, high = 0;
};

struct Line {
  std::string name = {};
  int colour = 1;  // 1 to 5, or 0: grey, of a reference
  bool dashed = false;
  bool marked = false;             // a dot at each point
  bool joined = true;              // a line through the points
  bool filled = false;             // down to the low end of y
  std::vector<Point> points = {};  // in the order in which they are joined
};

// Curves, points or filled outlines over two axes.
struct LinePlot {
  std::string title = {};
  std::string description = {};  // for who cannot see it
  std::string explanation = {};  // the line under it
  Scale x = {}, y = {};
  std::vector<Line> lines = {};
  std::string undefined = {};  // where there is nothing to draw: why
};

// A figure: title, legend, an SVG with title, desc, axes and notes to hover, explanation. id: of the plot,
// unique in the page. Points outside of the scales are cut off.
std::string figure(const LinePlot& plot, const std::string& id);

// Points where a line may be thinned to `count` or less and still show each peak: of each of count / 2 equal
// runs of x, the lowest and the highest y. The first and the last stay.
std::vector<Point> thinned(const std::vector<Point>& points, size_t count);

}  // namespace esmm::report
