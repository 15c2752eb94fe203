#pragma once

#include <string>
#include <utility>

#include "esmm/core/error.h"

namespace esmm::serve {

// A request that cannot be answered, and the HTTP status that says so.
class RequestError : public Error {
 public:
  RequestError(int status, Problem problem) : Error(std::move(problem)), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

// Wrong input: 400.
inline RequestError bad_request(Problem problem) { return {400, std::move(problem)}; }

// More than this server takes at once: 413.
inline RequestError too_large(Problem problem) { return {413, std::move(problem)}; }

}  // namespace esmm::serve
