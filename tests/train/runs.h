#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/training.h"

namespace esmm::test {

inline constexpr const char* kSmallConfig = R"(
data:
  path: /data
  sources: [{name: log, paths: /raw/log.csv}]
  labels: {click: click, conversion: conversion}
  split: {by: fraction, validation_fraction: 0.2}
  fields:
    - {name: user, side: user}
    - {name: item, side: item}
    - {name: history, kind: multi, separator: " ", shares: item, side: user}
model: {dimension: 4, layers: [8, 4], table_std: 0.1}
train: {run: /run, device: cpu, batch_size: 16, epochs: 3, log_every_steps: 2}
)";

// 15 steps: 3 epochs of batches 16, 16, 16, 16 and 9.
inline Config small_config(const std::filesystem::path& run) {
  Config config = parse_config(kSmallConfig, "small.yaml", "/");
  config.train.run = run;
  return config;
}

inline train::TrainReport train_on(const Config& config, const train::TrainingData& data,
                                   bool resume = false) {
  const train::TrainOptions options{.resume = resume, .stop = {}};
  return train::Training(config, data, options).run();
}

// Trains `steps` steps, then interrupts. Throws Interrupted.
inline void train_until(const Config& config, const train::TrainingData& data, int64_t steps) {
  int64_t done = 0;
  const train::TrainOptions options{.stop = [&] { return ++done == steps; }};
  train::Training(config, data, options).run();
}

inline std::vector<nlohmann::json> metrics_of(const std::filesystem::path& run) {
  std::vector<nlohmann::json> lines;
  std::istringstream text(read_file(train::RunFolder(run).metrics()));
  for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

inline std::vector<nlohmann::json> metrics_of(const std::filesystem::path& run, const std::string& type) {
  std::vector<nlohmann::json> lines;
  for (const auto& line : metrics_of(run)) {
    if (line.at("type") == type) lines.push_back(line);
  }
  return lines;
}

inline train::Checkpoint newest_checkpoint(const std::filesystem::path& run) {
  const train::RunFolder folder(run);
  return train::read_checkpoint(folder.checkpoint(folder.newest_step().value()));
}

inline bool same_tensors(const train::NamedTensors& a, const train::NamedTensors& b,
                         const std::string& prefix = "") {
  if (a.size() != b.size()) return false;
  for (const auto& [name, tensor] : a) {
    if (name.starts_with(prefix) && !torch::equal(tensor, b.at(name))) return false;
  }
  return true;
}

}  // namespace esmm::test
