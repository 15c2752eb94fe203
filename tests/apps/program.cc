#include "tests/apps/program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <regex>
#include <sstream>

#include "esmm/core/file.h"

namespace esmm::test {
namespace {

constexpr unsigned kSeconds = 120;

void send_output(int stream, const char* file) {
  ::dup2(::open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600), stream);
}

// In the child: only calls that are safe after a fork.
[[noreturn]] void start(char* const* command, const char* out, const char* err) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::alarm(kSeconds);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  send_output(STDOUT_FILENO, out);
  send_output(STDERR_FILENO, err);
  ::execv(command[0], command);
  ::_exit(127);
}

}  // namespace

std::vector<std::string> Outcome::error_lines() const {
  static const std::regex log_line(R"(\d\d:\d\d:\d\d (debug|info|warning) .*)");
  std::vector<std::string> lines;
  std::istringstream text(err);
  for (std::string line; std::getline(text, line);) {
    if (!std::regex_match(line, log_line)) lines.push_back(line);
  }
  return lines;
}

Program::Program(const Arguments& command) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const std::string out = folder_ / "out", err = folder_ / "err";
  process_ = ::fork();
  if (process_ == 0) start(arguments.data(), out.c_str(), err.c_str());
  REQUIRE(process_ > 0);
}

Program::~Program() {
  if (!running()) return;
  send(SIGKILL);
  collect(0);
}

std::string Program::out() const {
  return std::filesystem::exists(folder_ / "out") ? read_file(folder_ / "out") : "";
}

bool Program::running() {
  if (code_ < 0) collect(WNOHANG);
  return code_ < 0;
}

void Program::send(int signal) const { ::kill(process_, signal); }

Outcome Program::wait() {
  if (code_ < 0) collect(0);
  return {code_, read_file(folder_ / "out"), read_file(folder_ / "err")};
}

void Program::collect(int options) {
  int status = 0;
  if (::waitpid(process_, &status, options) != process_) return;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

Outcome run(const Arguments& command) { return Program(command).wait(); }

Outcome esmm(Arguments arguments) {
  arguments.insert(arguments.begin(), ESMM_PROGRAM);
  return run(arguments);
}

std::string esmm_done(Arguments arguments) {
  const Outcome outcome = esmm(std::move(arguments));
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  return outcome.out;
}

}  // namespace esmm::test
