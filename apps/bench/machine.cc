#include "apps/bench/machine.h"

#include <fstream>
#include <thread>

#include "esmm/ops/cpu/cpu_capabilities.h"

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
  return {.cpu = cpu_model(),
          .cores = static_cast<int>(std::thread::hardware_concurrency()),
          .extensions = ops::cpu_capabilities()};
}

}  // namespace esmm::bench
