#include "esmm/core/error.h"

#include <utility>

namespace esmm {
namespace {

std::string lines(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.line();
  }
  return text;
}

}  // namespace

std::string Problem::line() const {
  std::string text = where.empty() ? what : where + ": " + what;
  if (!expected.empty()) text += ": expected " + expected;
  if (!got.empty()) text += (expected.empty() ? ": got " : ", got ") + got;
  if (!hint.empty()) text += "; " + hint;
  return text;
}

Error::Error(Problem problem, int exit_code) : Error(Many{{std::move(problem)}}, exit_code) {}

Error::Error(Many many, int exit_code)
    : std::runtime_error(lines(many.problems)), problems_(std::move(many.problems)), exit_code_(exit_code) {}

}  // namespace esmm
