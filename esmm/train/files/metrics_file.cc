#include "esmm/train/files/metrics_file.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "esmm/core/file.h"

namespace esmm::train {
namespace {

// Lines of a file up to `last_step`.
std::vector<LogLine> lines_until(const std::filesystem::path& path, int64_t last_step) {
  std::vector<LogLine> kept;
  if (!std::filesystem::exists(path)) return kept;
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    LogLine object = LogLine::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object() || object.value("step", last_step + 1) > last_step) break;
    kept.push_back(std::move(object));
  }
  return kept;
}

std::string joined(const std::vector<LogLine>& lines) {
  std::string text;
  for (const LogLine& line : lines) text += line.dump() + '\n';
  return text;
}

LogLine head_of(const char* type, const TrainRecord& record) {
  return {{"type", type},
          {"step", record.step},
          {"epoch", record.epoch},
          {"samples", record.samples},
          {"seconds", record.seconds}};
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& path, int64_t last_step)
    : MetricsFile(path, lines_until(path, last_step)) {}

MetricsFile::MetricsFile(const std::filesystem::path& path, const std::vector<LogLine>& lines)
    : path_(path), events_(path.parent_path(), lines) {
  write_file(path, joined(lines));
  out_.open(path, std::ios::binary | std::ios::app);
}

void MetricsFile::write(const TrainRecord& record) {
  LogLine line = head_of("train", record);
  double loss = 0;
  for (const auto& [term, value] : record.losses) loss += value;
  line["loss"] = loss;
  for (const auto& [term, value] : record.losses) line["loss_" + term] = value;
  line["learning_rate"] = record.learning_rate;
  line["table_learning_rate"] = record.table_learning_rate;
  line["samples_per_second"] = record.samples_per_second;
  append(line);
}

void MetricsFile::write(const TrainRecord& record, const metrics::Evaluation& validation) {
  LogLine line = head_of("validation", record);
  for (const char* head : {"ctr", "cvr", "ctcvr"}) {
    for (const char* metric : {"auc", "logloss", "pcoc"}) {
      const std::string name = std::string(head) + "." + metric;
      const metrics::Value value = metrics::metric(validation, name);
      line[name] = value.number ? LogLine(*value.number) : LogLine(nullptr);
    }
  }
  append(line);
}

void MetricsFile::append(const LogLine& line) {
  out_ << line.dump() << std::endl;
  if (!out_) throw cannot_be_written(path_, std::strerror(errno));
  events_.write(line);
}

}  // namespace esmm::train
