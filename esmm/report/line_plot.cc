#include "esmm/report/line_plot.h"

#include <algorithm>
#include <cmath>

#include "esmm/report/svg.h"
#include "esmm/report/text.h"

namespace esmm::report {
namespace {

constexpr Frame kFrame{.width = 540, .height = 330, .left = 62, .right = 24, .top = 12, .bottom = 46};
constexpr size_t kNotes = 100;  // points of a line that can be pointed at

class Canvas {
 public:
  explicit Canvas(const LinePlot& plot) : plot_(plot) {}

  double x(double value) const {
    return kFrame.left + std::clamp(plot_.x.place(value), 0.0, 1.0) * kFrame.inner_width();
  }
  double y(double value) const {
    return kFrame.top + (1 - std::clamp(plot_.y.place(value), 0.0, 1.0)) * kFrame.inner_height();
  }
  std::string at(const Point& point) const { return pixels(x(point.x)) + "," + pixels(y(point.y)); }

  std::string draw(const Line& line) const {
    std::string svg = "<g class=\"c" + std::to_string(line.colour) + "\">";
    if (line.filled && !line.points.empty()) svg += filling(line);
    if (line.joined && line.points.size() > 1) svg += path(line);
    for (const Point& point : line.points) {
      if (point.low < point.high) svg += whisker(point);
      if (line.marked)
        svg += "<circle class=\"dot\" cx=\"" + pixels(x(point.x)) + "\" cy=\"" + pixels(y(point.y)) +
               "\" r=\"3.5\"/>";
    }
    const size_t every = (line.points.size() + kNotes - 1) / kNotes;
    for (size_t i = 0; i < line.points.size(); ++i) {
      if (line.colour != 0 && (i % every == 0 || i + 1 == line.points.size()))
        svg += note(line, line.points[i]);
    }
    return svg + "</g>";
  }

 private:
  std::string steps_through(const std::vector<Point>& points) const {
    std::string path;
    for (const Point& point : points) {
      path += path.empty() ? 'M' : 'L';
      path += at(point);
    }
    return path;
  }
  std::string path(const Line& line) const {
    return std::string("<path class=\"line") + (line.dashed ? " dashed" : "") + "\" d=\"" +
           steps_through(line.points) + "\"/>";
  }
  std::string filling(const Line& line) const {
    const std::string floor = pixels(kFrame.top + kFrame.inner_height());
    return "<path class=\"fill\" d=\"" + steps_through(line.points) + "L" + pixels(x(line.points.back().x)) +
           "," + floor + "L" + pixels(x(line.points.front().x)) + "," + floor + "Z\"/>";
  }
  std::string whisker(const Point& point) const {
    const std::string at_x = pixels(x(point.x));
    return "<path class=\"whisker\" d=\"M" + at_x + "," + pixels(y(point.low)) + "V" + pixels(y(point.high)) +
           "\"/>";
  }
  std::string note(const Line& line, const Point& point) const {
    const std::string text = line.name + "\n" + plot_.x.label + ": " + plot_.x.text(point.x) + "\n" +
                             plot_.y.label + ": " + plot_.y.text(point.y) +
                             (point.note.empty() ? "" : "\n" + point.note);
    return "<circle class=\"note\" cx=\"" + pixels(x(point.x)) + "\" cy=\"" + pixels(y(point.y)) +
           "\" r=\"6\"><title>" + escape(text) + "</title></circle>";
  }

  const LinePlot& plot_;
};

std::string axes(const LinePlot& plot, const Canvas& canvas) {
  std::string svg = "<g class=\"axes\">";
  const double bottom = kFrame.top + kFrame.inner_height(), right = kFrame.left + kFrame.inner_width();
  for (const Tick& tick : ticks(plot.y)) {
    const std::string y = pixels(canvas.y(tick.value));
    svg += "<path class=\"tick\" d=\"M" + pixels(kFrame.left) + "," + y + "H" + pixels(right) + "\"/>";
    svg += text(kFrame.left - 7, canvas.y(tick.value) + 4, tick.label, "end");
  }
  for (const Tick& tick : ticks(plot.x)) {
    const double x = canvas.x(tick.value);
    svg += "<path class=\"tick\" d=\"M" + pixels(x) + "," + pixels(bottom) + "v5\"/>";
    svg += text(x, bottom + 18, tick.label, "middle");
  }
  svg += "<path class=\"axis\" d=\"M" + pixels(kFrame.left) + "," + pixels(bottom) + "H" + pixels(right) +
         "\"/>";
  svg += text((kFrame.left + right) / 2, kFrame.height - 6, plot.x.label, "middle", "label");
  svg += "<g transform=\"rotate(-90)\">" +
         text(-(kFrame.top + bottom) / 2, 13, plot.y.label, "middle", "label") + "</g>";
  return svg + "</g>";
}

std::string legend(const LinePlot& plot) {
  std::string html = "<ul class=\"legend\">";
  for (const Line& line : plot.lines)
    html += legend_entry(line.name, line.colour, line.dashed, line.filled, line.marked && !line.joined);
  return html + "</ul>";
}

}  // namespace

std::string figure(const LinePlot& plot, const std::string& id) {
  std::string html = "<figure><h4>" + escape(plot.title) + "</h4>";
  if (!plot.undefined.empty()) {
    html += "<p class=\"undefined\">undefined: " + escape(plot.undefined) + "</p>";
  } else {
    const Canvas canvas(plot);
    html += legend(plot) + begin_svg(kFrame, id, plot.title, plot.description) + axes(plot, canvas);
    for (const Line& line : plot.lines) html += canvas.draw(line);
    html += "</svg>";
  }
  return html + "<figcaption>" + escape(plot.explanation) + "</figcaption></figure>";
}

std::vector<Point> thinned(const std::vector<Point>& points, size_t count) {
  if (points.size() <= count) return points;
  std::vector<Point> kept{points.front()};
  const size_t runs = (count - 2) / 2, inner = points.size() - 2;
  for (size_t run = 0; run < runs; ++run) {
    const auto begin = points.begin() + 1 + static_cast<std::ptrdiff_t>(run * inner / runs);
    const auto end = points.begin() + 1 + static_cast<std::ptrdiff_t>((run + 1) * inner / runs);
    const auto by_y = [](const Point& a, const Point& b) { return a.y < b.y; };
    auto [lowest, highest] = std::minmax_element(begin, end, by_y);
    if (highest < lowest) std::swap(lowest, highest);
    kept.push_back(*lowest);
    if (lowest != highest) kept.push_back(*highest);
  }
  kept.push_back(points.back());
  return kept;
}

}  // namespace esmm::report
