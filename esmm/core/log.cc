#include "esmm/core/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>

namespace esmm::log {

void start(const std::string& level) {
  auto logger = spdlog::get("esmm");
  if (!logger) logger = spdlog::stderr_color_mt("esmm");
  logger->set_pattern("%H:%M:%S %^%l%$ %v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(logger);
}

}  // namespace esmm::log
