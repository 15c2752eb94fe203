#include "esmm/serve/signal_watch.h"

#include <utility>

namespace esmm::serve {
namespace {

// Wakes the watching thread to end.
constexpr int kEnd = SIGUSR1;

}  // namespace

SignalWatch::SignalWatch() {
  sigemptyset(&watched_);
  for (const int signal : {SIGINT, SIGTERM, kEnd}) sigaddset(&watched_, signal);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
}

SignalWatch::~SignalWatch() {
  if (thread_.joinable()) {
    ending_ = true;
    pthread_kill(thread_.native_handle(), kEnd);
    thread_.join();
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void SignalWatch::start(std::function<void()> stop) {
  thread_ = std::thread([this, stop = std::move(stop)] {
    int signal = 0;
    while (sigwait(&watched_, &signal) == 0 && !ending_) {
      if (signal != kEnd) stop();  // another process may send kEnd too
    }
  });
}

}  // namespace esmm::serve
