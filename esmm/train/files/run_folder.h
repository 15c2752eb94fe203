#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace esmm::train {

// Where a run keeps its files:
//   config.yaml                  the resolved config
//   metrics.jsonl                the log of its steps
//   events.out.tfevents.*        the same for TensorBoard
//   checkpoints/step-<n>.pt      the newest checkpoint
//   checkpoints/model.pt         the model that is kept: what export and evaluation read
//   calibration.json             what is done to its probabilities, where it was calibrated
//   evaluation.json              what was measured on the test split, where it was evaluated
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.yaml"; }
  std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path model() const { return checkpoints() / "model.pt"; }
  std::filesystem::path calibration() const { return path_ / "calibration.json"; }
  std::filesystem::path evaluation() const { return path_ / "evaluation.json"; }
  std::filesystem::path checkpoint(int64_t step) const;

  // Whether anything of a run is here.
  bool holds_run() const;
  // Step of the newest checkpoint.
  std::optional<int64_t> newest_step() const;
  // Removes the checkpoints of all other steps.
  void keep_only(int64_t step) const;

  // Throws Error, saying what to do: where a data set is here; for a new run, there or where one is here
  // already; to resume where none is; to read a model where none is.
  void require_no_dataset() const;
  void require_new() const;
  void require_run() const;
  void require_model() const;

 private:
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }

  std::filesystem::path path_;
};

}  // namespace esmm::train
