#include "esmm/train/metrics_file.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "esmm/core/error.h"
#include "esmm/core/file.h"

namespace esmm::train {
namespace {

using Json = nlohmann::ordered_json;

// Lines of `text` up to `last_step`.
std::string lines_until(const std::string& text, int64_t last_step) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);) {
    const Json object = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object() || object.value("step", last_step + 1) > last_step) break;
    kept += line + '\n';
  }
  return kept;
}

Json head_of(const char* type, const TrainRecord& record) {
  return {{"type", type},
          {"step", record.step},
          {"epoch", record.epoch},
          {"samples", record.samples},
          {"seconds", record.seconds}};
}

}  // namespace

MetricsFile::MetricsFile(const std::filesystem::path& path, int64_t last_step) : path_(path) {
  write_file(path, std::filesystem::exists(path) ? lines_until(read_file(path), last_step) : "");
  out_.open(path, std::ios::binary | std::ios::app);
}

void MetricsFile::write(const TrainRecord& record) {
  Json line = head_of("train", record);
  double loss = 0;
  for (const auto& [term, value] : record.losses) loss += value;
  line["loss"] = loss;
  for (const auto& [term, value] : record.losses) line["loss_" + term] = value;
  line["learning_rate"] = record.learning_rate;
  line["table_learning_rate"] = record.table_learning_rate;
  line["samples_per_second"] = record.samples_per_second;
  append(line.dump());
}

void MetricsFile::write(const TrainRecord& record, const metrics::Evaluation& validation) {
  Json line = head_of("validation", record);
  for (const char* head : {"ctr", "cvr", "ctcvr"}) {
    for (const char* metric : {"auc", "logloss", "pcoc"}) {
      const std::string name = std::string(head) + "." + metric;
      const metrics::Value value = metrics::metric(validation, name);
      line[name] = value.number ? Json(*value.number) : Json(nullptr);
    }
  }
  append(line.dump());
}

void MetricsFile::append(const std::string& line) {
  out_ << line << std::endl;
  if (!out_) {
    throw Error({.what = "cannot be written",
                 .where = path_.string(),
                 .got = std::strerror(errno),
                 .hint = "check the folder's permissions and the free space"});
  }
}

}  // namespace esmm::train
