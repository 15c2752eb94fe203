#include "apps/support/tune_process.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace esmm::apps {
namespace {

using Nanoseconds = std::chrono::duration<double, std::nano>;

// More than what a step does between two operations takes.
constexpr Nanoseconds kSpinning = std::chrono::microseconds(80);

// What GNU's OpenMP does between two looks at what it waits for.
void relax() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#else
  asm volatile("" ::: "memory");
#endif
}

Nanoseconds time_of_a_look() {
  constexpr int kRounds = 5, kLooks = 500;
  Nanoseconds least = kSpinning;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (int look = 0; look < kLooks; ++look) relax();
    least = std::min(least, Nanoseconds(std::chrono::steady_clock::now() - start) / kLooks);
  }
  return least;
}

void spin_briefly(char** argv) {
  if (std::getenv("GOMP_SPINCOUNT") != nullptr || std::getenv("OMP_WAIT_POLICY") != nullptr) return;
  const double looks = kSpinning / std::max(time_of_a_look(), Nanoseconds(0.1));
  ::setenv("GOMP_SPINCOUNT", std::to_string(std::lround(looks)).c_str(), 0);
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (program.filename().string().starts_with("ld-")) return;  // started by a loader that was named
  ::execv(program.c_str(), argv);  // returns only where that is not possible: then all goes on as it is
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
