#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

TEST_CASE("cpu is always there, and auto names a device that is") {
  CHECK(select_device("cpu").is_cpu());
  CHECK_NOTHROW(torch::zeros({1}, select_device("auto")));
}

TEST_CASE("a name that is no device is a config error") {
  CHECK_THROWS_AS(select_device("cuba"), ConfigError);
  CHECK_THROWS_WITH(select_device("cuba"), Catch::Contains("not a device") && Catch::Contains("cuba"));
  CHECK_THROWS_AS(select_device("meta"), ConfigError);
}

TEST_CASE("a device that is not there is an error that says what to do") {
  CHECK_THROWS_WITH(select_device("cuda:99"), Catch::Contains("not there") &&
                                                  Catch::Contains("use auto or cpu") &&
                                                  (Catch::Contains("a machine without NVIDIA's driver") ||
                                                   Catch::Contains("a set-up without CUDA (") ||
                                                   Catch::Contains("devices of that kind")));
}

}  // namespace
}  // namespace esmm::train
