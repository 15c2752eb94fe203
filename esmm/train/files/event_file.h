#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace esmm::train {

using LogLine = nlohmann::ordered_json;  // of metrics.jsonl

// TensorBoard's view of metrics.jsonl, beside it: events.out.tfevents.<start of the run>.esmm. Every number
// of a line but `step` is a scalar <type>/<name>, as in train/loss or validation/ctr.auc, rounded to float;
// a null is none. An event's wall time is the start of the run plus the line's `seconds`, so that
// TensorBoard's relative time is the time trained, resumed or not.
class EventFile {
 public:
  // Writes the events of `lines` anew, under the name that an earlier part of the run gave. Throws Error.
  EventFile(const std::filesystem::path& folder, const std::vector<LogLine>& lines);

  // Throws Error.
  void write(const LogLine& line);

 private:
  std::filesystem::path path_;
  double start_;
  std::ofstream out_;
};

}  // namespace esmm::train
