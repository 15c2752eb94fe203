#include "apps/bench/machine.h"

#include <ATen/cpu/Utils.h>

#include <fstream>
#include <thread>

namespace esmm::bench {
namespace {

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return {};
}

}  // namespace

Machine this_machine() {
  Machine machine{
      .cpu = cpu_model(), .cores = static_cast<int>(std::thread::hardware_concurrency()), .extensions = {}};
  for (const auto& [name, has] : at::cpu::get_cpu_capabilities()) {
    if (has.isBool() && has.toBool()) machine.extensions.push_back(name);
  }
  return machine;
}

}  // namespace esmm::bench
