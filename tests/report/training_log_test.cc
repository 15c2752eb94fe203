#include "esmm/report/training_log.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"

namespace esmm::report {
namespace {

constexpr const char* kLog =
    "{\"type\":\"train\",\"step\":2,\"epoch\":1,\"samples\":32,\"seconds\":0.5,\"loss\":0.75}\n"
    "{\"type\":\"validation\",\"step\":2,\"epoch\":1,\"samples\":32,\"seconds\":0.6,\"ctr.auc\":0.7,\"cvr."
    "auc\":null}\n"
    "{\"type\":\"train\",\"step\":4,\"epoch\":2,\"samples\":64,\"seconds\":1.5,\"loss\":0.5}\n";

TEST_CASE("a training log becomes curves over steps") {
  const TrainingLog log = parse_training_log(kLog);
  REQUIRE(log.train.at("loss").size() == 2);
  CHECK(log.train.at("loss")[1].x == 4);
  CHECK(log.train.at("loss")[1].y == 0.5);
  CHECK(log.validation.at("ctr.auc")[0].y == 0.7);
  CHECK_FALSE(log.validation.contains("cvr.auc"));
  CHECK(log.steps == 4);
  CHECK(log.epochs == 2);
  CHECK(log.samples == 64);
  CHECK(log.seconds == 1.5);
}

TEST_CASE("a torn last line is left out, a damaged one between others is refused") {
  CHECK(parse_training_log(std::string(kLog) + "{\"type\":\"tr").steps == 4);
  CHECK(parse_training_log("").train.empty());
  CHECK_THROWS_WITH(parse_training_log("{\"step\":1}\nwhat\n{\"step\":2}\n"),
                    Catch::Contains("metrics.jsonl:2"));
  CHECK_THROWS_AS(parse_training_log("{\"loss\":1}\n"), Error);
}

}  // namespace
}  // namespace esmm::report
