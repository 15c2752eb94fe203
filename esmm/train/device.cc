#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

// How many devices of a kind this program can use; 0 where it was started without their LibTorch library.
int64_t device_count(c10::DeviceType type) {
  return c10::impl::hasDeviceGuardImpl(type) ? c10::impl::getDeviceGuardImpl(type)->deviceCount() : 0;
}

torch::Device parse_device(const std::string& name) {
  try {
    return torch::Device(name);
  } catch (const c10::Error&) {
    throw ConfigError({.what = "no LibTorch device",
                       .where = "train.device",
                       .expected = "auto, cpu, cuda or cuda:<n>",
                       .got = name,
                       .hint = "use auto to take a GPU where there is one"});
  }
}

}  // namespace

torch::Device select_device(const std::string& name) {
  if (name == "auto")
    return device_count(torch::kCUDA) > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
  torch::Device device = parse_device(name);
  const int64_t count = device_count(device.type());
  if (device.index() >= count || count == 0) {
    throw Error({.what = "the device is not there",
                 .where = "train.device",
                 .expected = name,
                 .got = fmt::format("{} devices of that kind", count),
                 .hint = "use auto or cpu, or see that the driver and a LibTorch for it are installed"});
  }
  if (!device.is_cpu() && !device.has_index()) device.set_index(0);
  return device;
}

}  // namespace esmm::train
