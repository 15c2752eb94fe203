#include "apps/esmm/stop_on_signals.h"

#include <atomic>
#include <csignal>
#include <thread>

namespace esmm::apps {
namespace {

std::atomic<bool> stop_requested = false;

void end_as_usual(int signal, const sigset_t& watched) {
  std::signal(signal, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &watched, nullptr);
  std::raise(signal);
}

}  // namespace

// No thread that computes may run a signal's handler: a handler that came while oneDNN multiplied was seen to
// leave a corrupted heap, as if the product kept numbers below the stack's end, where a handler's frame is
// written. So all threads block both signals, and one waits for them.
std::function<bool()> stop_on_signals() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&watched, signal);
  ::pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  std::thread([watched] {
    int signal = 0;
    while (::sigwait(&watched, &signal) == 0) {
      if (stop_requested.exchange(true)) end_as_usual(signal, watched);
    }
  }).detach();
  return [] { return stop_requested.load(); };
}

}  // namespace esmm::apps
