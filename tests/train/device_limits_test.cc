#include "esmm/train/device_limits.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

TEST_CASE("users are looked up once on a CPU, and refused on a GPU") {
  TrainConfig config;
  const c10::Device cpu(c10::kCPU), gpu(c10::kCUDA, 0);
  CHECK_NOTHROW(check_device_limits(config, gpu));
  config.impressions_per_user = 10;
  CHECK_NOTHROW(check_device_limits(config, cpu));
  CHECK_THROWS_AS(check_device_limits(config, gpu), Error);
  CHECK_THROWS_WITH(check_device_limits(config, gpu),
                    Catch::Contains("train.impressions_per_user") && Catch::Contains("0 on cuda:0, got 10"));
}

}  // namespace
}  // namespace esmm::train
