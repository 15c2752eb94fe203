#include "esmm/data/mapped_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

namespace esmm::data {
namespace {

#ifndef MADV_POPULATE_READ
constexpr int MADV_POPULATE_READ = 22;  // Linux 5.14
#endif

// Failures do not matter: what was not advised is read when it is used.
void advise(const void* data, size_t bytes, int advice) {
  static const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t begin = reinterpret_cast<uintptr_t>(data) / page * page;
  const uintptr_t end = reinterpret_cast<uintptr_t>(data) + bytes;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, advice);
}

}  // namespace

void start_reading(const void* data, size_t bytes) { advise(data, bytes, MADV_WILLNEED); }
void finish_reading(const void* data, size_t bytes) { advise(data, bytes, MADV_POPULATE_READ); }
void unmap(const void* data, size_t bytes) { advise(data, bytes, MADV_DONTNEED); }

}  // namespace esmm::data
