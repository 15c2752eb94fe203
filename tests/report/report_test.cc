#include "esmm/report/report.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <regex>
#include <set>

#include "esmm/core/random.h"
#include "esmm/report/text.h"
#include "tests/report/memory_split.h"
#include "tests/report/scored_columns.h"
#include "tests/report/xml.h"

namespace esmm::report {
namespace {

constexpr const char* kOddName = "a<script src=\"http://x\">&'\xff\x01 b";

Config config() {
  return parse_config(R"(
data:
  path: /data
  sources: [{name: log, paths: "/raw/<&>.csv"}]
  labels: {click: click, conversion: conversion}
  split: {by: fraction}
  fields: [{name: user}]
model: {method: esmm}
train: {run: /run}
)",
                      "small.yaml", "/");
}

std::string training_log(int lines) {
  std::string text;
  for (int i = 1; i <= lines; ++i) {
    const std::string step = std::to_string(i), value = std::to_string(1.0 / i + 0.01 * (i % 7));
    text += R"({"type":"train","step":)" + step + R"(,"loss":)" + value + R"(,"loss_ctr":)" + value +
            R"(,"learning_rate":0.001,"samples_per_second":1e5})" + "\n";
    if (i % 5 == 0) text += R"({"type":"validation","step":)" + step + R"(,"ctr.auc":)" + value + "}\n";
  }
  return text;
}

// Rows whose probabilities are true, with 8 fields of 20 values.
struct Data : test::ScoredColumns {
  std::vector<std::vector<int32_t>> rows;

  explicit Data(int count) {
    Random random(5);
    for (int i = 0; i < count; ++i) {
      true_ctr.push_back(1 / (1 + std::exp(3 - random.normal())));
      true_cvr.push_back(1 / (1 + std::exp(2 - random.normal())));
      p_ctr.push_back(static_cast<float>(true_ctr.back()));
      p_cvr.push_back(static_cast<float>(true_cvr.back()));
      p_ctcvr.push_back(p_ctr.back() * p_cvr.back());
      click.push_back(random.uniform() < true_ctr.back() ? 1.0F : 0.0F);
      conversion.push_back(click.back() == 1.0F && random.uniform() < true_cvr.back() ? 1.0F : 0.0F);
      std::vector<int32_t>& fields = rows.emplace_back();
      for (int32_t field = 0; field < 8; ++field) fields.push_back(field * 100 + (i / (field + 1)) % 20);
    }
  }
};

std::string report_of(const Data& data, int log_lines) {
  std::vector<std::string> names{kOddName};
  while (names.size() < 8) names.push_back("field " + std::to_string(names.size()));
  return render(
      {.run = kOddName,
       .split = "test",
       .config = config(),
       .splits = {{"test",
                   {.impressions = static_cast<int64_t>(data.click.size()), .clicks = 5, .conversions = 1}}},
       .log = parse_training_log(training_log(log_lines)),
       .heads = report_heads(data.scored(), metrics::evaluate(data.scored())),
       .slices = report_slices(test::memory_split(data.rows), test::schema_of(names), {}, data.scored()),
       .environment = {{"Folder", kOddName}}});
}

const std::set<std::string> kLoading = {"script", "link", "img", "iframe", "object", "embed", "image", "use"};

// No resource outside of the page, no script, and no number that is none.
void check_page(const std::string& html) {
  std::set<std::string> ids;
  for (const test::XmlElement& element : test::XmlReader::read(html)) {
    INFO(element.name);
    CHECK_FALSE(kLoading.contains(element.name));
    for (const auto& [name, value] : element.attributes) {
      INFO(name << "=" << value);
      CHECK(name != "src");
      CHECK(name != "href");
      CHECK_FALSE(name.starts_with("on"));
      if (name == "id") CHECK(ids.insert(value).second);
      if (element.name == "path" && name == "d")
        CHECK(std::regex_match(value, std::regex("[MLHVZv0-9.,-]+")));
      if (element.name == "circle" && name != "class") CHECK(std::regex_match(value, std::regex("[0-9.]+")));
    }
    if (element.name == "style") {
      CHECK(element.text.find("url(") == std::string::npos);
      CHECK(element.text.find("@import") == std::string::npos);
    }
  }
  CHECK_FALSE(std::regex_search(html, std::regex("[>\" ](-?nan|-?inf)[<\", ]")));
}

TEST_CASE("a report is well-formed, needs nothing else, and shows odd names as text") {
  const std::string html = report_of(Data(3000), 60);
  check_page(html);
  CHECK(html.find("<script") == std::string::npos);
  CHECK_THAT(html,
             Catch::Contains("a&lt;script src=&quot;http://x&quot;&gt;&amp;&#39;\xEF\xBF\xBD\xEF\xBF\xBD b"));
  CHECK_THAT(html, Catch::Contains("/raw/&lt;&amp;&gt;.csv"));
  CHECK_THAT(html, Catch::Contains("prefers-color-scheme:dark"));
}

TEST_CASE("a report of a calibrated model shows its heads before and after") {
  const Data data(2000);
  std::vector<float> halved;
  for (const float p : data.p_ctr) halved.push_back(p / 2);
  metrics::Scored before = data.scored();
  before.p_ctr = halved;
  ReportInput input;
  input.config = config();
  input.heads = report_heads(data.scored(), metrics::evaluate(data.scored()));
  CHECK_THAT(render(input), !Catch::Contains("before and after"));
  input.uncalibrated = metrics::evaluate(before);
  const std::string html = render(input);
  check_page(html);
  const double after = *input.heads[0].metrics.pcoc.number;
  CHECK_THAT(html,
             Catch::Contains("<th scope=\"row\">CTR</th><td class=\"number\">" + number_text(after / 2) +
                             "</td><td class=\"number\">" + number_text(after) + "</td>"));
}

TEST_CASE("a report stays within 2 MB for a million rows and 100,000 lines of log") {
  const std::string html = report_of(Data(1'000'000), 100'000);
  CHECK(html.size() < 2'000'000);
  CHECK(html.size() > 300'000);
}

TEST_CASE("a report of no rows and no log says what is undefined") {
  const std::string html = report_of(Data(0), 0);
  check_page(html);
  for (const char* why : {"undefined: no rows", "undefined: metrics.jsonl holds no training line",
                          "undefined: no field has so few values"})
    CHECK_THAT(html, Catch::Contains(why));
}

TEST_CASE("a report of one class draws what can be drawn") {
  Data data(500);
  std::ranges::fill(data.click, 0.0F);
  std::ranges::fill(data.conversion, 0.0F);
  data.true_ctr.clear();
  data.true_cvr.clear();
  std::ranges::fill(data.p_ctcvr, 0.25F);
  const std::string html = report_of(data, 1);
  check_page(html);
  CHECK_THAT(html, Catch::Contains("undefined: no positives"));
}

}  // namespace
}  // namespace esmm::report
