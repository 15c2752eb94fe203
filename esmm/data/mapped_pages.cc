#include "esmm/data/mapped_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>

namespace esmm::data {
namespace {

#ifndef MADV_POPULATE_READ
constexpr int MADV_POPULATE_READ = 22;  // Linux 5.14
#endif

// Whether the system took the advice. Where not, what was meant is read when it is used.
bool advise(const void* data, size_t bytes, int advice) {
  static const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t begin = reinterpret_cast<uintptr_t>(data) / page * page;
  const uintptr_t end = reinterpret_cast<uintptr_t>(data) + bytes;
  return begin >= end || ::madvise(reinterpret_cast<void*>(begin), end - begin, advice) == 0;
}

}  // namespace

void use_large_pages(const void* data, size_t bytes) { advise(data, bytes, MADV_HUGEPAGE); }

bool fits_into_memory(uint64_t bytes) {
  uint64_t memory =
      static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  uint64_t limit = 0;
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> limit) memory = std::min(memory, limit);  // "max": none
  return bytes <= memory / 2;
}

void start_reading(const void* data, size_t bytes) { advise(data, bytes, MADV_WILLNEED); }
void finish_reading(const void* data, size_t bytes) {
  if (!advise(data, bytes, MADV_POPULATE_READ)) start_reading(data, bytes);
}

}  // namespace esmm::data
