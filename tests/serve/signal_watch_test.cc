#include "esmm/serve/signal_watch.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <chrono>
#include <future>

using namespace std::chrono_literals;

TEST_CASE("a signal that comes before the watch starts is not lost") {
  esmm::serve::SignalWatch watch;
  ::kill(::getpid(), SIGTERM);
  std::promise<void> called;
  watch.start([&] { called.set_value(); });
  CHECK(called.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("a watch that saw no signal ends without a call") {
  bool called = false;
  {
    esmm::serve::SignalWatch watch;
    watch.start([&] { called = true; });
  }
  CHECK_FALSE(called);
}
