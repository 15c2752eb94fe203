#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/log.h"
#include "esmm/ops/cuda/cuda_library.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

// How many devices of a kind this program can use; 0 where it was started without their LibTorch library.
int64_t device_count(c10::DeviceType type) {
  return c10::impl::hasDeviceGuardImpl(type) ? c10::impl::getDeviceGuardImpl(type)->deviceCount() : 0;
}

// Where there is none, nor any GPU, CUDA's libraries need not be loaded to see it.
bool has_driver() { return ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL) != nullptr; }

// Why there is no such device and what to do; missing: what load_cuda() said.
[[noreturn]] void throw_not_there(const std::string& name, const std::string& missing, int64_t count) {
  Problem problem{.what = "the device is not there",
                  .where = "train.device",
                  .expected = name,
                  .got = fmt::format("{} devices of that kind", count),
                  .hint = "use auto or cpu"};
  if (torch::Device(name).is_cuda() && !has_driver()) {
    problem.got = "a machine without NVIDIA's driver";
  } else if (!missing.empty()) {
    problem.got = "a set-up without CUDA (" + missing + ")";
    problem.hint += ", or run scripts/setup.sh --cuda, then scripts/build.sh";
  }
  throw Error(std::move(problem));
}

[[noreturn]] void throw_no_device(const std::string& name) {
  throw ConfigError({.what = "not a device",
                     .where = "the device",
                     .expected = "auto, cpu, cuda or cuda:<n>",
                     .got = name,
                     .hint = "use auto to take a GPU where there is one"});
}

torch::Device parse_device(const std::string& name) {
  try {
    const torch::Device device(name);
    if (device.is_meta()) throw_no_device(name);  // it has no numbers
    return device;
  } catch (const c10::Error&) {
    throw_no_device(name);
  }
}

}  // namespace

torch::Device select_device(const std::string& name) {
  if (name == "auto") {
    if (!has_driver()) return torch::kCPU;
    const std::string& missing = ops::load_cuda();
    if (!missing.empty()) log::warn("a GPU's driver is there, but training is on the CPU: {}", missing);
    return missing.empty() && device_count(torch::kCUDA) > 0 ? torch::Device(torch::kCUDA, 0)
                                                             : torch::Device(torch::kCPU);
  }
  torch::Device device = parse_device(name);
  const std::string missing = device.is_cuda() ? ops::load_cuda() : std::string{};
  const int64_t count = device_count(device.type());
  if (!missing.empty() || device.index() >= count || count == 0) {
    throw_not_there(name, missing, count);
  }
  if (!device.is_cpu() && !device.has_index()) device.set_index(0);
  return device;
}

void wait_for(const torch::Device& device) {
  if (!device.is_cpu()) c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(device.index());
}

}  // namespace esmm::train
