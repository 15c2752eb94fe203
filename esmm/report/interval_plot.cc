#include "esmm/report/interval_plot.h"

#include <algorithm>

#include "esmm/report/svg.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

constexpr double kWidth = 1080, kRow = 21, kTop = 26, kBottom = 46;
constexpr double kNames = 190, kCounts = 80, kGap = 26;
constexpr size_t kLongestName = 28;
constexpr int kTicks = 5;

std::string shortened(const std::string& name) {
  size_t end = 0, characters = 0;
  for (; end < name.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(name[end]) & 0xC0U) != 0x80U;  // a character of UTF-8
    if (begins && characters++ == kLongestName) return name.substr(0, end) + "…";
  }
  return name;
}

class Canvas {
 public:
  explicit Canvas(const IntervalPlot& plot)
      : plot_(plot), begin_(kNames + (plot.counts.empty() ? 0 : kCounts)) {
    const auto panels = static_cast<double>(plot.panels.size());
    panel_width_ = (kWidth - begin_ - panels * kGap) / panels;
  }

  double bottom() const { return kTop + static_cast<double>(plot_.names.size()) * kRow; }

  std::string names() const {
    std::string svg = text(kNames - 12, kTop - 10, plot_.row_title, "end", "label");
    if (!plot_.counts.empty()) svg += text(begin_ - 12, kTop - 10, plot_.count_title, "end", "label");
    for (size_t row = 0; row < plot_.names.size(); ++row) {
      svg += text(kNames - 12, middle(row) + 4, shortened(plot_.names[row]), "end");
      if (!plot_.counts.empty()) svg += text(begin_ - 12, middle(row) + 4, plot_.counts[row], "end");
    }
    return svg;
  }

  std::string panel(size_t index) const {
    const IntervalPanel& panel = plot_.panels[index];
    const double left = begin_ + static_cast<double>(index) * (panel_width_ + kGap) + kGap / 2;
    const auto x = [&](double value) {
      return left + std::clamp(panel.x.place(value), 0.0, 1.0) * panel_width_;
    };
    std::string svg = "<g class=\"axes\">";
    for (const Tick& tick : ticks(panel.x, kTicks)) {
      svg += "<path class=\"tick\" d=\"M" + pixels(x(tick.value)) + "," + pixels(kTop) + "V" +
             pixels(bottom()) + "\"/>";
      svg += text(x(tick.value), bottom() + 16, tick.label, "middle");
    }
    svg += text(left + panel_width_ / 2, bottom() + 36, panel.x.label, "middle", "label") + "</g>";
    if (panel.reference) {
      svg += "<path class=\"line dashed c0\" d=\"M" + pixels(x(*panel.reference)) + "," + pixels(kTop) + "V" +
             pixels(bottom()) + "\"/>";
    }
    svg += "<g class=\"c" + std::to_string(panel.colour) + "\">";
    for (size_t row = 0; row < panel.rows.size(); ++row) svg += draw(panel, row, left, x);
    return svg + "</g>";
  }

 private:
  static double middle(size_t row) { return kTop + (static_cast<double>(row) + 0.5) * kRow; }

  template <typename Place>
  std::string draw(const IntervalPanel& panel, size_t row, double left, Place x) const {
    const Interval& interval = panel.rows[row];
    const std::string y = pixels(middle(row));
    if (!interval.value) {
      return "<text class=\"undefined\" x=\"" + pixels(left + panel_width_ / 2) + "\" y=\"" +
             pixels(middle(row) + 4) + "\" text-anchor=\"middle\">undefined: " + escape(interval.note) +
             "</text>";
    }
    std::string svg;
    if (interval.low < interval.high)
      svg += "<path class=\"whisker\" d=\"M" + pixels(x(interval.low)) + "," + y + "H" +
             pixels(x(interval.high)) + "\"/>";
    svg += "<circle class=\"dot\" cx=\"" + pixels(x(*interval.value)) + "\" cy=\"" + y + "\" r=\"4\"/>";
    return svg + "<circle class=\"note\" cx=\"" + pixels(x(*interval.value)) + "\" cy=\"" + y +
           "\" r=\"9\"><title>" +
           escape(plot_.names[row] + "\n" + panel.x.label + ": " + panel.x.text(*interval.value) +
                  (interval.note.empty() ? "" : "\n" + interval.note)) +
           "</title></circle>";
  }

  const IntervalPlot& plot_;
  double begin_, panel_width_;
};

}  // namespace

std::string figure(const IntervalPlot& plot, const std::string& id) {
  const Canvas canvas(plot);
  const Frame frame{
      .width = kWidth, .height = canvas.bottom() + kBottom, .left = 0, .right = 0, .top = 0, .bottom = 0};
  std::string html = "<figure class=\"wide\"><h4>" + escape(plot.title) + "</h4><div class=\"scroll\">" +
                     begin_svg(frame, id, plot.title, plot.description) + canvas.names();
  for (size_t panel = 0; panel < plot.panels.size(); ++panel) html += canvas.panel(panel);
  return html + "</svg></div><figcaption>" + escape(plot.explanation) + "</figcaption></figure>";
}

void fit(IntervalPanel& panel) {
  std::vector<double> values;
  if (panel.reference) values.push_back(*panel.reference);
  for (const Interval& row : panel.rows) {
    if (!row.value) continue;
    values.push_back(*row.value);
    if (row.low < row.high) values.insert(values.end(), {row.low, row.high});
  }
  fit(panel.x, values);
}

}  // namespace esmm::report
