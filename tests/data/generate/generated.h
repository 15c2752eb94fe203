#pragma once

#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "esmm/data/generate/generate.h"
#include "tests/data/raw/raw_rows.h"
#include "tests/support/temporary_folder.h"

// Generated logs, read the obvious way.
namespace esmm::test {

inline std::vector<std::vector<std::string>> read_lines(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(split(line, ','));
  return lines;
}

struct LoggedImpression {
  int64_t id;
  bool click, conversion;
  double p_ctr, p_cvr;
};

// Both splits of a generated log, with the truth that stands in the same place of truth.csv.
inline std::vector<LoggedImpression> read_log(const std::filesystem::path& folder) {
  std::vector<LoggedImpression> log;
  const auto truth = read_lines(folder / "truth.csv");
  REQUIRE(truth.at(0) == std::vector<std::string>{"sample_id", "p_ctr", "p_cvr"});
  for (const char* name : {"sample_skeleton_train.csv", "sample_skeleton_test.csv"}) {
    for (const auto& line : read_lines(folder / name)) {
      const auto& t = truth.at(log.size() + 1);
      REQUIRE(line.at(0) == t.at(0));
      log.push_back({std::stoll(line[0]), line.at(1) == "1", line.at(2) == "1", std::stod(t.at(1)),
                     std::stod(t.at(2))});
    }
  }
  REQUIRE(truth.size() == log.size() + 1);
  return log;
}

inline data::GenerateOptions small(int64_t impressions) {
  data::GenerateOptions options;
  options.impressions = impressions;
  options.users = 500;
  options.items = 200;
  return options;
}

inline std::vector<LoggedImpression> generated(const data::GenerateOptions& options) {
  const TemporaryFolder folder;
  data::generate(options, folder.path(), false);
  return read_log(folder.path());
}

}  // namespace esmm::test
