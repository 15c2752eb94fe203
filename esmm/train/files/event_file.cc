#include "esmm/train/files/event_file.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "esmm/core/file.h"
#include "esmm/train/files/event_record.h"

namespace esmm::train {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "events.out.tfevents.", kSuffix = ".esmm";

int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// When the run whose event file is in the folder began, in seconds since 1970; else now.
int64_t start_of_run(const fs::path& folder) {
  for (const fs::path& file : glob(folder / (std::string(kPrefix) + "*" + std::string(kSuffix)))) {
    const std::string name = file.filename().string();
    const char* end = name.data() + name.size() - kSuffix.size();
    int64_t start = 0;
    const auto [stop, error] = std::from_chars(name.data() + kPrefix.size(), end, start);
    if (error == std::errc{} && stop == end) return start;
  }
  return now();
}

std::string record_of(const LogLine& line, double start) {
  Event event{.wall_time = start + line.value("seconds", 0.0), .step = line.at("step"), .scalars = {}};
  const std::string type = line.value("type", "");
  for (const auto& [name, value] : line.items()) {
    if (name != "step" && value.is_number())
      event.scalars.emplace_back(type + "/" + name, value.get<float>());
  }
  return frame_record(encode_event(event));
}

}  // namespace

EventFile::EventFile(const fs::path& folder, const std::vector<LogLine>& lines) {
  const int64_t start = start_of_run(folder);
  start_ = static_cast<double>(start);
  path_ = folder / (std::string(kPrefix) + std::to_string(start) + std::string(kSuffix));
  std::string records = frame_record(encode_file_version(start_));
  for (const LogLine& line : lines) records += record_of(line, start_);
  write_file(path_, records);
  out_.open(path_, std::ios::binary | std::ios::app);
}

void EventFile::write(const LogLine& line) {
  out_ << record_of(line, start_) << std::flush;
  if (!out_) throw cannot_be_written(path_, std::strerror(errno));
}

}  // namespace esmm::train
