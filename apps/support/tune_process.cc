#include "apps/support/tune_process.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdlib>

namespace esmm::apps {
namespace {

void spin_briefly(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  ::setenv("GOMP_SPINCOUNT", "2000", 0);
  ::execv("/proc/self/exe", argv);  // returns only where that is not possible: then all goes on as it is
}

void keep_freed_memory() {
  constexpr int kLargestAllowed = 32 << 20, kKept = 1 << 30;
  ::mallopt(M_MMAP_THRESHOLD, kLargestAllowed);
  ::mallopt(M_TRIM_THRESHOLD, kKept);
}

}  // namespace

void tune_process(char** argv) {
  spin_briefly(argv);
  keep_freed_memory();
}

}  // namespace esmm::apps
