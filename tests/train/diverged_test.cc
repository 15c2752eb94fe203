#include "esmm/train/diverged.h"

#include <catch2/catch.hpp>

namespace esmm::train {
namespace {

// 10 % clicked: -0.1 ln 0.1 - 0.9 ln 0.9 = 0.3251. 1 % converted: 0.0560.
const data::SplitCounts kCounts{.impressions = 10'000, .clicks = 1'000, .conversions = 100};

TEST_CASE("losses far above those of the base rates are told beside them") {
  CHECK(far_above_base_rate({{"ctr", 0.30}, {"ctcvr", 0.05}}, 50'000, kCounts, {}, {}) == "");
  CHECK(far_above_base_rate({{"ctr", 0.48}, {"ctcvr", 0.083}}, 50'000, kCounts, {}, {}) == "");
  CHECK(far_above_base_rate({{"ctr", 2.0}, {"ctcvr", 0.05}}, 50'000, kCounts, {}, {}) ==
        "loss_ctr 2 against 0.325");
  CHECK(far_above_base_rate({{"ctr", 2.0}, {"ctcvr", 0.5}}, 50'000, kCounts, {}, {}) ==
        "loss_ctr 2 against 0.325, loss_ctcvr 0.5 against 0.056");
}

TEST_CASE("a mean over few positives, another term or a rate of one says nothing") {
  CHECK(far_above_base_rate({{"ctr", 2.0}, {"ctcvr", 0.5}}, 5'000, kCounts, {}, {}) ==
        "loss_ctr 2 against 0.325");
  CHECK(far_above_base_rate({{"ctr", 2.0}, {"ctcvr", 0.5}}, 900, kCounts, {}, {}) == "");
  CHECK(far_above_base_rate({{"cvr", 2.0}}, 50'000, kCounts, {}, {}) == "");
  CHECK(far_above_base_rate({{"ctr", 2.0}}, 50'000, {.impressions = 10, .clicks = 10}, {}, {}) == "");
}

TEST_CASE("a weighted loss is not compared with an unweighted base rate") {
  const std::map<std::string, double> losses{{"ctr", 2.0}, {"ctcvr", 0.5}};
  LabelsConfig labels;
  labels.click_weight = "w";
  CHECK(far_above_base_rate(losses, 50'000, kCounts, labels, {}) == "loss_ctcvr 0.5 against 0.056");
  labels.conversion_weight = "w";
  CHECK(far_above_base_rate(losses, 50'000, kCounts, labels, {}) == "");
}

TEST_CASE("a loss that counts several times is compared with as many base rates") {
  const std::map<std::string, double> losses{{"ctcvr", 0.15}};
  CHECK(far_above_base_rate(losses, 50'000, kCounts, {}, {.ctcvr = 3}) == "");
  CHECK(far_above_base_rate(losses, 50'000, kCounts, {}, {.ctcvr = 0.5}) == "loss_ctcvr 0.15 against 0.028");
}

}  // namespace
}  // namespace esmm::train
