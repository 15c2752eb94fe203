#include "esmm/train/device_limits.h"

#include <catch2/catch.hpp>

namespace esmm::train {
namespace {

TEST_CASE("users are looked up once on a CPU and on a GPU") {
  TrainConfig config;
  config.impressions_per_user = 10;
  CHECK_NOTHROW(check_device_limits(config, c10::Device(c10::kCPU)));
  CHECK_NOTHROW(check_device_limits(config, c10::Device(c10::kCUDA, 0)));
}

}  // namespace
}  // namespace esmm::train
