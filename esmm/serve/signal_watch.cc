#include "esmm/serve/signal_watch.h"

#include <utility>

namespace esmm::serve {
namespace {

// Ends the watching thread; it is sent to that thread alone.
constexpr int kEnd = SIGUSR1;

}  // namespace

SignalWatch::SignalWatch() {
  sigemptyset(&watched_);
  for (const int signal : {SIGINT, SIGTERM, kEnd}) sigaddset(&watched_, signal);
  pthread_sigmask(SIG_BLOCK, &watched_, &before_);
}

SignalWatch::~SignalWatch() {
  if (thread_.joinable()) {
    pthread_kill(thread_.native_handle(), kEnd);
    thread_.join();
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void SignalWatch::start(std::function<void()> stop) {
  thread_ = std::thread([watched = watched_, stop = std::move(stop)] {
    int signal = 0;
    while (sigwait(&watched, &signal) == 0 && signal != kEnd) stop();
  });
}

}  // namespace esmm::serve
