#include "esmm/report/svg.h"

#include "esmm/report/text.h"

namespace esmm::report {

std::string begin_svg(const Frame& frame, const std::string& id, const std::string& title,
                      const std::string& description) {
  return "<svg viewBox=\"0 0 " + pixels(frame.width) + " " + pixels(frame.height) +
         "\" role=\"img\" aria-labelledby=\"" + id + "-title " + id + "-desc\"><title id=\"" + id +
         "-title\">" + escape(title) + "</title><desc id=\"" + id + "-desc\">" + escape(description) +
         "</desc>";
}

std::string text(double x, double y, const std::string& words, const std::string& anchor,
                 const std::string& kind) {
  return "<text x=\"" + pixels(x) + "\" y=\"" + pixels(y) + "\" text-anchor=\"" + anchor + "\"" +
         (kind.empty() ? "" : " class=\"" + kind + "\"") + ">" + escape(words) + "</text>";
}

std::string legend_entry(const std::string& name, int colour, bool dashed, bool filled, bool dots) {
  std::string sample;
  if (filled) sample += "<path class=\"fill\" d=\"M0,2H22V12H0Z\"/>";
  sample += dots ? "<circle class=\"dot\" cx=\"11\" cy=\"6\" r=\"3.5\"/>"
                 : std::string("<path class=\"line") + (dashed ? " dashed" : "") + "\" d=\"M0," +
                       (filled ? "2" : "6") + "H22\"/>";
  return "<li><svg class=\"sample c" + std::to_string(colour) +
         "\" viewBox=\"0 0 22 12\" aria-hidden=\"true\">" + sample + "</svg>" + escape(name) + "</li>";
}

}  // namespace esmm::report
