#include "apps/esmm/stop_on_signals.h"

#include <csignal>

namespace esmm::apps {
namespace {

volatile std::sig_atomic_t stop_requested = 0;

}  // namespace

std::function<bool()> stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_requested = 1; };
  action.sa_flags = SA_RESETHAND;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  return [] { return stop_requested != 0; };
}

}  // namespace esmm::apps
