#pragma once

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace esmm::test {

// pctr, pcvr and pctcvr of an impression.
using Probabilities = std::array<double, 3>;
using ScoreTable = std::vector<Probabilities>;

// The last three columns of a file of scores.
inline ScoreTable read_scores(const std::filesystem::path& csv) {
  ScoreTable table;
  std::ifstream lines(csv);
  std::string line;
  std::getline(lines, line);
  REQUIRE_THAT(line, Catch::EndsWith("pctr,pcvr,pctcvr"));
  while (std::getline(lines, line)) {
    std::vector<std::string> columns;
    std::istringstream text(line);
    for (std::string column; std::getline(text, column, ',');) columns.push_back(column);
    REQUIRE(columns.size() >= 3);
    Probabilities& last = table.emplace_back();
    std::transform(columns.end() - 3, columns.end(), last.begin(),
                   [](const std::string& column) { return std::stod(column); });
  }
  return table;
}

// Number of probabilities of `got` that are no number within 1e-6 of the same one of `expected`.
inline size_t differences(const ScoreTable& got, const ScoreTable& expected) {
  REQUIRE(got.size() <= expected.size());
  size_t count = 0;
  for (size_t row = 0; row < got.size(); ++row) {
    for (size_t head = 0; head < 3; ++head) {
      if (!(std::abs(got[row][head] - expected[row][head]) <= 1e-6)) ++count;
    }
  }
  return count;
}

}  // namespace esmm::test
