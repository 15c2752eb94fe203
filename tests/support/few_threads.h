#pragma once

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>

namespace esmm::test {

// As long as it lives, the process can start one more thread or two, and then none: there is no room for
// their stacks.
class FewThreads {
 public:
  FewThreads() {
    ::pthread_getattr_default_np(&before_);
    ::getrlimit(RLIMIT_AS, &room_before_);
    set_stack(kStack);
    size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit room = room_before_;
    room.rlim_cur = pages * static_cast<size_t>(::sysconf(_SC_PAGESIZE)) + 5 * kStack / 2;
    ::setrlimit(RLIMIT_AS, &room);
  }
  ~FewThreads() {
    ::setrlimit(RLIMIT_AS, &room_before_);
    ::pthread_setattr_default_np(&before_);
    ::pthread_attr_destroy(&before_);
  }
  FewThreads(const FewThreads&) = delete;
  FewThreads& operator=(const FewThreads&) = delete;

 private:
  static constexpr size_t kStack = size_t{1} << 30;

  static void set_stack(size_t bytes) {
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, bytes);
    ::pthread_setattr_default_np(&attributes);
    ::pthread_attr_destroy(&attributes);
  }

  pthread_attr_t before_;
  rlimit room_before_{};
};

}  // namespace esmm::test
