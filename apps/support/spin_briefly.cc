#include "apps/support/spin_briefly.h"

#include <unistd.h>

#include <cstdlib>

namespace esmm::apps {

void spin_briefly(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  ::setenv("GOMP_SPINCOUNT", "2000", 0);
  ::execv("/proc/self/exe", argv);  // returns only where that is not possible: then all goes on as it is
}

}  // namespace esmm::apps
