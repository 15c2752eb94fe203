#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace esmm::serve {

// Turns SIGINT and SIGTERM into a call. Make it before any other thread starts: it blocks both signals
// (and SIGUSR1, which it uses) in this thread and in those that it starts from then on.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  // Calls stop() in a thread of its own for each signal, also for one that came since construction. Once
  // only.
  void start(std::function<void()> stop);

 private:
  sigset_t watched_, before_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace esmm::serve
