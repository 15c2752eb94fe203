#include "esmm/ops/cpu/cpu_capabilities.h"

#include <ATen/cpu/Utils.h>

namespace esmm::ops {

std::set<std::string> cpu_capabilities() {
  std::set<std::string> names;
  for (const auto& [name, has] : at::cpu::get_cpu_capabilities()) {
    if (has.isBool() && has.toBool()) names.insert(name);
  }
  return names;
}

}  // namespace esmm::ops
