#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace esmm::data {

using ScoreColumn =
    std::variant<std::vector<std::string>, std::vector<int64_t>, std::vector<float>, std::vector<double>>;

// Named columns of equal length.
struct ScoreChunk {
  std::vector<std::pair<std::string, ScoreColumn>> columns;

  void add(std::string name, ScoreColumn values) { columns.emplace_back(std::move(name), std::move(values)); }
};

// Writes chunk after chunk to a .csv or .parquet file, which appears complete with close() or not at all.
// Floats in CSV are the shortest text that reads back equal.
class ScoreWriter {
 public:
  // Throws ConfigError on another extension; Error where the file is there and holds no scores: what a user
  // wrote is not replaced.
  explicit ScoreWriter(const std::filesystem::path& file);
  ~ScoreWriter();
  ScoreWriter(const ScoreWriter&) = delete;
  ScoreWriter& operator=(const ScoreWriter&) = delete;

  // All chunks have the same columns.
  void add(const ScoreChunk& chunk);
  void close();

  class Format;

 private:
  std::filesystem::path file_, temporary_;
  std::unique_ptr<Format> format_;
};

}  // namespace esmm::data
