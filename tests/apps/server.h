#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "tests/apps/program.h"

namespace esmm::test {

// Asks until the answer is yes; fails after a minute, or once `program` has ended.
template <class Question>
void wait_until(Program& program, Question&& question) {
  using namespace std::chrono_literals;
  for (const auto end = std::chrono::steady_clock::now() + 60s; !question();) {
    REQUIRE(program.running());
    REQUIRE(std::chrono::steady_clock::now() < end);
    std::this_thread::sleep_for(2ms);
  }
}

// esmm-serve on a free port, which it prints.
class Server {
 public:
  explicit Server(const Arguments& models) : program_(command(models)) {
    const std::string line = "listening on http://127.0.0.1:";
    wait_until(program_, [&] { return program_.out().ends_with('\n'); });
    const std::string printed = program_.out();
    REQUIRE_THAT(printed, Catch::StartsWith(line));
    port_ = std::stoi(printed.substr(line.size()));
  }

  int port() const { return port_; }
  Outcome stop(int signal) {
    program_.send(signal);
    return program_.wait();
  }

 private:
  static Arguments command(const Arguments& models) {
    Arguments all{ESMM_SERVE_PROGRAM, "--http-port", "0"};
    all.insert(all.end(), models.begin(), models.end());
    return all;
  }

  Program program_;
  int port_ = 0;
};

}  // namespace esmm::test
