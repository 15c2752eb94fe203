#include "apps/bench/anonymous_memory.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string>

namespace esmm::bench {

int64_t anonymous_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t kibibytes = 0;
    if (word == "RssAnon:" && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

AnonymousMemoryPeak::AnonymousMemoryPeak()
    : peak_(anonymous_memory()), thread_([this] {
        while (!ended_) {
          peak_ = std::max<int64_t>(peak_, anonymous_memory());
          std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
      }) {}

AnonymousMemoryPeak::~AnonymousMemoryPeak() {
  ended_ = true;
  thread_.join();
}

}  // namespace esmm::bench
