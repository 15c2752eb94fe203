#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace esmm::test {

using Arguments = std::vector<std::string>;

// What a program left behind.
struct Outcome {
  int code = 0;  // exit code; 128 + signal where a signal ended it
  std::string out, err;

  // Lines of stderr that are no log lines: the errors.
  std::vector<std::string> error_lines() const;
};

// A running program. It is killed with the object, with the test, and after two minutes.
class Program {
 public:
  explicit Program(const Arguments& command);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::string out() const;  // what it has printed so far
  bool running();
  void send(int signal) const;
  Outcome wait();

 private:
  void collect(int options);

  TemporaryFolder folder_;
  pid_t process_ = 0;
  int code_ = -1;  // -1: still running
};

// Runs a program to its end.
Outcome run(const Arguments& command);
// `esmm` with these arguments.
Outcome esmm(Arguments arguments);
// The same, where it must exit with 0: its stdout.
std::string esmm_done(Arguments arguments);

}  // namespace esmm::test
