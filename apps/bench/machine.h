#pragma once

#include <set>
#include <string>

namespace esmm::bench {

// What rows were measured on.
struct Machine {
  std::string cpu;                   // its model; empty: the system does not say
  int cores = 0;                     // that the system lets this process use
  std::set<std::string> extensions;  // of the CPU, as LibTorch names them
};

Machine this_machine();

}  // namespace esmm::bench
