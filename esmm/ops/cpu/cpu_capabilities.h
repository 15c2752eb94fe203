#pragma once

#include <set>
#include <string>

namespace esmm::ops {

// What LibTorch finds this CPU to have, as it names them (at::cpu::get_cpu_capabilities()).
std::set<std::string> cpu_capabilities();

}  // namespace esmm::ops
