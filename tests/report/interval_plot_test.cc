#include "esmm/report/interval_plot.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/report/xml.h"

namespace esmm::report {
namespace {

TEST_CASE("each row has its name, a dot and a bar per panel, or why there is none") {
  IntervalPanel panel{.x = {.label = "AUC"}, .reference = 0.6};
  panel.rows = {{.value = 0.5, .low = 0.4, .high = 0.7, .note = "12 rows"}, {.note = "no positives"}};
  fit(panel);
  CHECK(panel.x.low == Approx(0.382));
  CHECK(panel.x.high == Approx(0.718));
  const IntervalPlot plot{.title = "Field", .row_title = "value", .names = {"a&b", "c"}, .panels = {panel}};
  const auto found = test::XmlReader::read("<!DOCTYPE html>\n" + figure(plot, "p"));
  const auto texts = [&](const std::string& text) {
    return std::ranges::count_if(
        found, [&](const test::XmlElement& e) { return e.name == "text" && e.text == text; });
  };
  CHECK(texts("a&amp;b") == 1);
  CHECK(texts("c") == 1);
  CHECK(texts("undefined: no positives") == 1);
  const auto of_kind = [&](const std::string& kind) {
    return std::ranges::count_if(found, [&](const test::XmlElement& e) {
      return e.attributes.contains("class") && e.attributes.at("class") == kind;
    });
  };
  CHECK(of_kind("dot") == 1);
  CHECK(of_kind("whisker") == 1);
  CHECK(of_kind("line dashed c0") == 1);
}

TEST_CASE("a long name is cut between characters, its note has all of it") {
  std::string name;
  for (int i = 0; i < 30; ++i) name += "é";
  IntervalPlot plot;
  plot.names = {name};
  plot.panels.emplace_back().rows = {{.value = 0.5}};
  const std::string html = figure(plot, "p");
  CHECK_THAT(html, Catch::Contains(name.substr(0, 2 * 28) + "…<"));
  CHECK_THAT(html, Catch::Contains(name + "\n"));
  CHECK_NOTHROW(test::XmlReader::read("<!DOCTYPE html>\n" + html));
}

}  // namespace
}  // namespace esmm::report
