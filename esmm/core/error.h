#pragma once

#include <concepts>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace esmm {

// What a person needs to know about something that went wrong outside the program.
// Every part but `what` may be empty. As one line: "where: what: expected …, got …; hint".
struct Problem {
  std::string what;
  std::string where{};  // file:line, key path of a config, or name of an input
  std::string expected{};
  std::string got{};
  std::string hint{};  // what to do

  std::string line() const;
};

// Exit codes of the programs.
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInterrupted = 130;

// Anything wrong with what came from outside: config, data, files, requests.
// Holds one problem or more; a program prints a line for each and ends with exit_code().
class Error : public std::runtime_error {
 public:
  explicit Error(Problem problem, int exit_code = kExitFailed);
  // A template, so that Error({.what = …}) always means one problem.
  template <std::same_as<std::vector<Problem>> Problems>
  explicit Error(Problems problems, int exit_code = kExitFailed)
      : Error(Many{std::move(problems)}, exit_code) {}

  const std::vector<Problem>& problems() const { return problems_; }
  int exit_code() const { return exit_code_; }

 private:
  struct Many {
    std::vector<Problem> problems;
  };
  Error(Many many, int exit_code);

  std::vector<Problem> problems_;
  int exit_code_;
};

// Wrong usage or config: found before any data is read, exit code 2.
class ConfigError : public Error {
 public:
  explicit ConfigError(Problem problem) : Error(std::move(problem), kExitUsage) {}
  template <std::same_as<std::vector<Problem>> Problems>
  explicit ConfigError(Problems problems) : Error(std::move(problems), kExitUsage) {}
};

// A person asked to stop (Ctrl-C) and everything worth keeping is on disk.
class Interrupted : public Error {
 public:
  explicit Interrupted(Problem problem) : Error(std::move(problem), kExitInterrupted) {}
};

// A broken invariant of the project's own: a defect, never a user's mistake.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace esmm
