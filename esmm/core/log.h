#pragma once

#include <spdlog/spdlog.h>

// Logs go to stderr; results meant for programs go to stdout or to files.
namespace esmm::log {

using spdlog::debug;
using spdlog::info;
using spdlog::warn;

// Sends the log to stderr. level: trace, debug, info, warn, error or off.
void start(const std::string& level);

}  // namespace esmm::log
