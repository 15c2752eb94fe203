#include "esmm/report/line_plot.h"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/report/xml.h"

namespace esmm::report {
namespace {

std::vector<test::XmlElement> elements(const LinePlot& plot) {
  return test::XmlReader::read("<!DOCTYPE html>\n" + figure(plot, "p"));
}

size_t count(const std::vector<test::XmlElement>& elements, const std::string& name,
             const std::string& kind) {
  return static_cast<size_t>(std::ranges::count_if(elements, [&](const test::XmlElement& element) {
    const auto found = element.attributes.find("class");
    return element.name == name && found != element.attributes.end() && found->second == kind;
  }));
}

TEST_CASE("a figure draws a line through its points, with title, description and notes") {
  const LinePlot plot{
      .title = "Loss <1>",
      .description = "how it fell",
      .explanation = "lower is better",
      .x = {.label = "step", .low = 0, .high = 10},
      .y = {.label = "loss", .low = 0, .high = 1},
      .lines = {{.name = "ctr", .points = {{.x = 0, .y = 1}, {.x = 10, .y = 0.5, .note = "end"}}}}};
  const auto found = elements(plot);
  const auto named = [&](const std::string& name) {
    return *std::ranges::find(found, name, &test::XmlElement::name);
  };
  CHECK(named("svg").attributes.at("class") == "sample c1");  // the legend's
  CHECK(named("title").text == "Loss &lt;1&gt;");
  CHECK(named("title").attributes.at("id") == "p-title");
  CHECK(named("desc").text == "how it fell");
  CHECK(named("figcaption").text == "lower is better");
  // The frame: x from 62 to 516, y from 12 down to 284.
  const auto line = std::ranges::find_if(found, [](const test::XmlElement& element) {
    return element.name == "path" && element.attributes.at("d") == "M62,12L516,148";
  });
  REQUIRE(line != found.end());
  CHECK(count(found, "circle", "note") == 2);
  CHECK(std::ranges::any_of(found, [](const test::XmlElement& element) {
    return element.name == "title" && element.text == "ctr\nstep: 10\nloss: 0.5\nend";
  }));
}

TEST_CASE("values outside of the scales, also of a log one, are drawn at its ends") {
  const LinePlot plot{.y = {.low = 0.01, .high = 1, .spacing = Spacing::log},
                      .lines = {{.points = {{.x = -5, .y = 0}, {.x = 9, .y = 8}}}}};
  const auto found = elements(plot);
  CHECK(std::ranges::any_of(found, [](const test::XmlElement& element) {
    return element.name == "path" && element.attributes.at("d") == "M62,284L516,12";
  }));
}

TEST_CASE("a figure with nothing to draw says why") {
  const std::string html = figure({.title = "ROC", .explanation = "e", .undefined = "no positives"}, "p");
  CHECK_THAT(html, Catch::Contains("undefined: no positives"));
  CHECK_THAT(html, !Catch::Contains("<svg"));
}

TEST_CASE("a thinned line keeps its ends and every peak, in order") {
  std::vector<Point> points;
  for (int i = 0; i < 100000; ++i)
    points.push_back({.x = static_cast<double>(i), .y = i == 77777 ? 5.0 : i == 123 ? -5.0 : 0.0});
  const auto few = thinned(points, 500);
  CHECK(few.size() <= 500);
  CHECK(few.front().x == 0);
  CHECK(few.back().x == 99999);
  CHECK(std::ranges::is_sorted(few, {}, &Point::x));
  CHECK(std::ranges::count(few, 5.0, &Point::y) == 1);
  CHECK(std::ranges::count(few, -5.0, &Point::y) == 1);
  CHECK(thinned({{1, 2}, {3, 4}}, 500).size() == 2);
}

}  // namespace
}  // namespace esmm::report
