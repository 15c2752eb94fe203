#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esmm/report/scale.h"

namespace esmm::report {

// A number with its error bar, or why there is none.
struct Interval {
  std::optional<double> value = {};
  double low = 0, high = 0;  // equal: no bar
  std::string note = {};     // shown to who points at it; of an undefined one: the reason
};

// One column of the plot: a value per row over an axis of its own.
struct IntervalPanel {
  Scale x;
  int colour = 1;
  std::optional<double> reference = {};  // a vertical line
  std::vector<Interval> rows = {};
};

// Rows with names, each with a dot and an error bar per panel.
struct IntervalPlot {
  std::string title = {}, description = {}, explanation = {};
  std::string row_title = {};  // what the rows are
  std::vector<std::string> names = {};
  std::string count_title = {};
  std::vector<std::string> counts = {};  // beside the names; empty: none
  std::vector<IntervalPanel> panels = {};
};

// As figure of line_plot.h.
std::string figure(const IntervalPlot& plot, const std::string& id);

// Ends of the panel's axis from its values, bars and reference.
void fit(IntervalPanel& panel);

}  // namespace esmm::report
