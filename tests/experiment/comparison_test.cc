#include "esmm/experiment/comparison.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"

namespace esmm::experiment {
namespace {

using nlohmann::json;

CellResult cell(double auc, double seconds) {
  CellResult result{.parameters = 100, .samples = 1000, .train_seconds = seconds, .heads = {}};
  result.heads["ctr"] = {
      .space = "impressions",
      .rows = 50,
      .positives = 20,
      .values = {{"auc", metrics::defined(auc)}, {"gauc", metrics::undefined("no group column")}}};
  return result;
}

// esmm over three seeds, base over two of them, and one entry that is not finished for any.
Comparison some_comparison() {
  Comparison comparison{.config = "model: {}\n",
                        .dataset = "/data",
                        .fingerprint = "f00d",
                        .train = {.impressions = 900, .clicks = 90, .conversions = 9},
                        .test = {.impressions = 50, .clicks = 20, .conversions = 5},
                        .seeds = {1, 2, 3},
                        .entries = {},
                        .baseline = 1,
                        .external = 0};
  comparison.entries.push_back(
      {.name = "base", .method = "base", .set = {}, .cells = {{1, cell(0.5, 2)}, {3, cell(0.75, 4)}}});
  comparison.entries.push_back({.name = "esmm",
                                .method = "esmm",
                                .set = {},
                                .cells = {{1, cell(0.625, 1)}, {2, cell(0.5, 1)}, {3, cell(1.0, 1)}}});
  comparison.entries.push_back({.name = "none", .method = "esmm", .set = {"model.dropout=0.2"}, .cells = {}});
  return comparison;
}

TEST_CASE("comparison.json holds mean, standard deviation, values and p-value by entry, head and metric") {
  const json written = json::parse(to_json(some_comparison()));
  CHECK(written.at("kind") == "esmm comparison 1");
  CHECK(written.at("config") == "model: {}\n");
  CHECK(written.at("dataset").at("test").at("clicks") == 20);
  CHECK(written.at("seeds") == json{1, 2, 3});
  CHECK(written.at("cells") == json{{"wanted", 9}, {"finished", 5}});
  CHECK(written.at("baseline") == "esmm");
  CHECK(written.at("external") == "base");
  const json& base = written.at("entries").at(0);
  CHECK(base.at("name") == "base");
  CHECK(base.at("seeds") == json{1, 3});
  CHECK(base.at("parameters") == 100);
  CHECK(base.at("train_seconds").at("mean") == 3.0);
  CHECK(base.at("samples_per_second").at("values") == json{500.0, 250.0});
  const json& auc = base.at("heads").at("ctr").at("metrics").at("auc");
  CHECK(auc.at("mean") == 0.625);
  CHECK(auc.at("std").get<double>() == Approx(0.125 * std::sqrt(2.0)));
  CHECK(auc.at("values") == json{0.5, 0.75});
  // Differences -1/8 and -1/4: mean -3/16, deviation sqrt(2)/16, t = -3 with one degree of freedom.
  CHECK(auc.at("p_value").get<double>() == Approx(1 - 2 / M_PI * std::atan(3.0)));
}

TEST_CASE("in comparison.json, what is undefined is null beside its reason") {
  const json written = json::parse(to_json(some_comparison()));
  const json& gauc = written.at("entries").at(0).at("heads").at("ctr").at("metrics").at("gauc");
  CHECK(gauc.at("mean").is_null());
  CHECK(gauc.at("mean_reason") == "seed 1: no group column");
  CHECK(gauc.at("values") == json{nullptr, nullptr});
  CHECK(gauc.at("p_value").is_null());
  CHECK(gauc.at("p_value_reason") == "undefined for a seed");
  const json& own = written.at("entries").at(1).at("heads").at("ctr").at("metrics").at("auc");
  CHECK(own.at("p_value").is_null());
  const json& none = written.at("entries").at(2);
  CHECK(none.at("parameters").is_null());
  CHECK(none.at("train_seconds").at("mean_reason") == "no seed is finished");
  CHECK(none.at("heads").empty());
  CHECK(none.at("set") == json{"model.dropout=0.2"});
}

TEST_CASE("without an entry of method esmm there is no p-value") {
  Comparison comparison = some_comparison();
  comparison.baseline.reset();
  const json written = json::parse(to_json(comparison));
  CHECK(written.at("baseline").is_null());
  CHECK_THAT(written.at("entries").at(0).at("heads").at("ctr").at("metrics").at("auc").at("p_value_reason"),
             Catch::Contains("no entry of method esmm"));
}

TEST_CASE("comparison.md tabulates what is finished") {
  const std::string page = to_markdown(some_comparison());
  CHECK_THAT(page, Catch::Contains("5 of 9 runs are finished"));
  CHECK_THAT(page, Catch::Contains("| base | 2 | 0.6250 ± 0.1768 | 100 | 3.0 ± 1.4 | 375 ± 177 |"));
  CHECK_THAT(page, Catch::Contains("| none | 0 | – | – | – | – |"));
  CHECK_THAT(page, Catch::Contains("## CTR, all impressions"));
  CHECK_THAT(page, Catch::Contains("| base | 0.6250 ± 0.1768 | 0.205 | – | – |"));
  CHECK_THAT(page, Catch::Contains("- `none`: method `esmm`, `model.dropout=0.2`"));
  CHECK_THAT(page, !Catch::Contains("CTCVR, all"));
}

}  // namespace
}  // namespace esmm::experiment
