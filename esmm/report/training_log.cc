#include "esmm/report/training_log.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "esmm/core/error.h"

namespace esmm::report {

using nlohmann::json;

TrainingLog parse_training_log(std::string_view jsonl) {
  TrainingLog log;
  for (int64_t number = 1; !jsonl.empty(); ++number) {
    const size_t end = jsonl.find('\n');
    const json line = json::parse(jsonl.substr(0, end), nullptr, /*allow_exceptions=*/false);
    const bool good = line.is_object() && line.contains("step") && line["step"].is_number_integer();
    if (!good && end == std::string_view::npos) break;
    if (!good) {
      throw Error({.what = "is no line of a training log",
                   .where = "metrics.jsonl:" + std::to_string(number),
                   .expected = "a JSON object with a step",
                   .hint = "resume the run, which drops damaged lines, or remove the line"});
    }
    const auto step = line["step"].get<int64_t>();
    auto& curves = line.value("type", "") == "validation" ? log.validation : log.train;
    for (const auto& [name, value] : line.items()) {
      if (name != "step" && value.is_number())
        curves[name].push_back({.x = static_cast<double>(step), .y = value.get<double>(), .note = {}});
    }
    log.steps = std::max(log.steps, step);
    log.epochs = std::max(log.epochs, line.value("epoch", int64_t{0}));
    log.samples = std::max(log.samples, line.value("samples", int64_t{0}));
    log.seconds = std::max(log.seconds, line.value("seconds", 0.0));
    jsonl.remove_prefix(end == std::string_view::npos ? jsonl.size() : end + 1);
  }
  return log;
}

}  // namespace esmm::report
