#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

// How many devices of a kind this program can use; 0 where it was started without their LibTorch library.
int64_t device_count(c10::DeviceType type) {
  return c10::impl::hasDeviceGuardImpl(type) ? c10::impl::getDeviceGuardImpl(type)->deviceCount() : 0;
}

bool load(const char* library) { return ::dlopen(library, RTLD_NOW | RTLD_GLOBAL) != nullptr; }

// LibTorch's CUDA library makes the device known when it is loaded. The programs do not link it, so that one build
// serves machines with and without a GPU. Must come before anything asks LibTorch for a device.
std::string load_cuda() {
  return load("libtorch_cuda.so") ? std::string{} : std::string(::dlerror());
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
  if (name == "auto") {
    const bool driver = load("libcuda.so.1");
    if (driver) load_cuda();
    return device_count(torch::kCUDA) > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
  }
  torch::Device device = parse_device(name);
  const std::string missing = device.is_cuda() ? load_cuda() : std::string{};
  const int64_t count = device_count(device.type());
  if (device.index() >= count || count == 0) {
    throw Error({.what = "the device is not there",
                 .where = "train.device",
                 .expected = name,
                 .got = missing.empty() ? fmt::format("{} devices of that kind", count) : missing,
                 .hint = "use auto or cpu, or see that the driver is there and run scripts/setup.sh --cuda"});
  }
  if (!device.is_cpu() && !device.has_index()) device.set_index(0);
  return device;
}

}  // namespace esmm::train
