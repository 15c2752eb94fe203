#include "esmm/core/progress.h"

#include <fcntl.h>
#include <spdlog/sinks/ostream_sink.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "esmm/core/log.h"

using esmm::Progress;

namespace {

// What is logged while stderr is no terminal.
template <class Action>
std::string logged(Action&& action) {
  std::ostringstream text;
  auto logger =
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(text));
  logger->set_pattern("%v");
  const auto before = spdlog::default_logger();
  spdlog::set_default_logger(logger);
  const int terminal = ::dup(STDERR_FILENO), nowhere = ::open("/dev/null", O_WRONLY);
  ::dup2(nowhere, STDERR_FILENO);
  std::forward<Action>(action)();
  ::dup2(terminal, STDERR_FILENO);
  ::close(terminal);
  ::close(nowhere);
  spdlog::set_default_logger(before);
  return text.str();
}

}  // namespace

TEST_CASE("without a terminal, progress is a line of the log: share, rate, time left, note") {
  const std::string log = logged([] {
    Progress progress("train", "samples", 200, true, std::chrono::seconds(0));
    progress.update(50, "step 5 of 20, loss 0.7");
  });
  CHECK_THAT(log,
             Catch::Matches(R"(train  25 % [0-9.e+]+ samples/s, \d+ s left, step 5 of 20, loss 0\.7\n)"));
}

TEST_CASE("where the total is not known, progress is a rate") {
  const std::string log = logged([] {
    Progress progress("prepare", "lines", 0, true, std::chrono::seconds(0));
    progress.update(50);
  });
  CHECK_THAT(log, Catch::Matches(R"(prepare [0-9.e+]+ lines/s\n)"));
}

TEST_CASE("progress is logged no more often than wanted, and not at all where it is not wanted") {
  CHECK(logged([] {
          Progress progress("train", "samples", 200);
          for (int i = 1; i < 200; ++i) progress.update(i);
        }).empty());
  CHECK(logged([] {
          Progress progress("train", "samples", 200, false, std::chrono::seconds(0));
          progress.update(50);
        }).empty());
}
