#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "esmm/metrics/evaluation.h"
#include "esmm/train/files/event_file.h"

namespace esmm::train {

// What is logged of the steps since the last line.
struct TrainRecord {
  int64_t step = 0, epoch = 1, samples = 0;  // reached so far
  std::map<std::string, double> losses;      // mean of each term since the last line
  double learning_rate = 0, table_learning_rate = 0;
  double samples_per_second = 0;  // since the last line
  double seconds = 0;             // since the run began
};

// metrics.jsonl: one JSON object per line, each with `type`, `step`, `epoch`, `samples` and `seconds`.
//   type train:       loss, loss_<term>, learning_rate, table_learning_rate, samples_per_second
//   type validation:  <head>.auc, <head>.logloss, <head>.pcoc of heads ctr, cvr, ctcvr; null where undefined
// The same goes into TensorBoard's event file beside it (event_file.h).
class MetricsFile {
 public:
  // Keeps the lines up to `last_step`, the rest is dropped (so is a torn last line), and goes on from there.
  // Throws Error.
  MetricsFile(const std::filesystem::path& path, int64_t last_step);

  void write(const TrainRecord& record);
  // record: where the run is; its losses and rates are not used.
  void write(const TrainRecord& record, const metrics::Evaluation& validation);

 private:
  MetricsFile(const std::filesystem::path& path, const std::vector<LogLine>& lines);
  void append(const LogLine& line);

  std::filesystem::path path_;
  EventFile events_;
  std::ofstream out_;
};

}  // namespace esmm::train
