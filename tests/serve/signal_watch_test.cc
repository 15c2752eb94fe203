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

TEST_CASE("SIGUSR1 from outside neither stops anything nor ends the watch") {
  esmm::serve::SignalWatch watch;
  ::kill(::getpid(), SIGUSR1);
  std::promise<void> called;
  watch.start([&] { called.set_value(); });
  const auto stopped = called.get_future();
  CHECK(stopped.wait_for(100ms) == std::future_status::timeout);
  ::kill(::getpid(), SIGTERM);
  CHECK(stopped.wait_for(10s) == std::future_status::ready);
}

TEST_CASE("a watch that saw no signal ends without a call") {
  bool called = false;
  {
    esmm::serve::SignalWatch watch;
    watch.start([&] { called = true; });
  }
  CHECK_FALSE(called);
}
