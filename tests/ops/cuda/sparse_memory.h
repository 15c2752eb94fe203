#pragma once

#include <sys/mman.h>

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace esmm::test {

// So many zeros, of which only the pages that are written to take memory.
template <class T>
class SparseMemory {
 public:
  explicit SparseMemory(int64_t count) : bytes_(static_cast<size_t>(count) * sizeof(T)) {
    void* const begin =
        ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (begin == MAP_FAILED) throw std::runtime_error("no address space for a test's sparse memory");
    begin_ = static_cast<T*>(begin);
    ::madvise(begin, bytes_, MADV_NOHUGEPAGE);
  }
  ~SparseMemory() { ::munmap(begin_, bytes_); }
  SparseMemory(const SparseMemory&) = delete;
  SparseMemory& operator=(const SparseMemory&) = delete;

  T* data() const { return begin_; }
  T& operator[](int64_t i) const { return begin_[i]; }

 private:
  size_t bytes_;
  T* begin_ = nullptr;
};

// Whether so much address space can be had, for all of a test's at once; says so where not.
inline bool has_address_space(int64_t bytes) {
  try {
    const SparseMemory<char> all(bytes);
    return true;
  } catch (const std::runtime_error& error) {
    WARN("skipped: " << error.what() << ", " << (bytes >> 30)
                     << " GiB (see ulimit -v and vm.overcommit_memory)");
    return false;
  }
}

}  // namespace esmm::test
