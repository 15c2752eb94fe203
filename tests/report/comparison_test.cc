#include "esmm/report/comparison.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/report/comparison_section.h"
#include "tests/report/xml.h"

namespace esmm::report {
namespace {

constexpr const char* kComparison = R"({
  "kind": "esmm comparison 1", "config": "", "seeds": [1, 2],
  "dataset": {"path": "/data/<x>", "fingerprint": "f", "train": {}, "test": {"impressions": 5000, "clicks": 9, "conversions": 1}},
  "cells": {"wanted": 4, "finished": 3}, "baseline": "esmm", "external": "esmm",
  "entries": [
    {"name": "esmm", "method": "esmm", "set": [], "seeds": [1, 2], "parameters": 1200,
     "train_seconds": {"mean": 2.5, "std": 0.5, "values": [2, 3]},
     "heads": {"ctr": {"space": "impressions", "rows": 5000, "positives": 9, "metrics": {
       "auc": {"mean": 0.75, "std": 0.01, "values": [0.74, 0.76], "p_value": null, "p_value_reason": "the baseline"}}}}},
    {"name": "a&b", "method": "base", "set": [], "seeds": [1], "parameters": null,
     "train_seconds": {"mean": null, "mean_reason": "none", "std": null, "values": []},
     "heads": {"ctr": {"space": "impressions", "rows": 5000, "positives": 9, "metrics": {
       "auc": {"mean": 0.7, "std": null, "std_reason": "one seed", "values": [0.7], "p_value": 0.04}}}}}]})";

TEST_CASE("a comparison is read with what is undefined and why") {
  const Comparison comparison = parse_comparison(kComparison, "comparison.json");
  CHECK(comparison.dataset == "/data/<x>");
  CHECK(comparison.test_rows == 5000);
  CHECK(comparison.finished == 3);
  CHECK(comparison.baseline == "esmm");
  REQUIRE(comparison.entries.size() == 2);
  CHECK(comparison.entries[0].parameters == 1200.0);
  CHECK(comparison.entries[0].train_seconds == 2.5);
  CHECK(comparison.entries[0].heads.at("ctr").at("auc").deviation.number == 0.01);
  CHECK(comparison.entries[0].heads.at("ctr").at("auc").p_value.reason == "the baseline");
  CHECK(comparison.entries[1].seeds == 1);
  CHECK_FALSE(comparison.entries[1].parameters);
  CHECK(comparison.entries[1].heads.at("ctr").at("auc").p_value.number == 0.04);
}

TEST_CASE("methods stand in a table and in a plot per head, with error bars") {
  const std::string html = comparison_section(parse_comparison(kComparison, "comparison.json"));
  CHECK_NOTHROW(test::XmlReader::read("<!DOCTYPE html>\n" + html));
  for (const char* shown :
       {"0.75 ± 0.01", "p = 0.04 against the baseline", "a&amp;b", "/data/&lt;x&gt;",
        "undefined: not measured", "3 of 4 trainings", "compare-ctr", "class=\"whisker\""})
    CHECK_THAT(html, Catch::Contains(shown));
  CHECK_THAT(html, !Catch::Contains("compare-cvr"));
}

TEST_CASE("another file than a comparison is refused") {
  CHECK_THROWS_WITH(parse_comparison("{\"kind\": \"x\"}", "c.json"),
                    Catch::Contains("c.json: is no comparison"));
  CHECK_THROWS_AS(parse_comparison("{", "c.json"), Error);
  CHECK_THROWS_AS(parse_comparison("{\"kind\": \"esmm comparison 1\"}", "c.json"), Error);
}

}  // namespace
}  // namespace esmm::report
