#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace esmm::bench {

// The process's anonymous memory (RssAnon of /proc/self/status), in bytes.
int64_t anonymous_memory();

// The most of it while the object lives, looked at every 10 ms.
class AnonymousMemoryPeak {
 public:
  AnonymousMemoryPeak();
  ~AnonymousMemoryPeak();
  AnonymousMemoryPeak(const AnonymousMemoryPeak&) = delete;
  AnonymousMemoryPeak& operator=(const AnonymousMemoryPeak&) = delete;

  int64_t bytes() const { return peak_; }

 private:
  std::atomic<int64_t> peak_;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace esmm::bench
