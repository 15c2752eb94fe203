#pragma once

#include <memory>
#include <string>
#include <vector>

#include "esmm/experiment/compare.h"
#include "tests/support/temporary_folder.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::test {

// Data in memory for experiments, and the small config of tests/train with more of it.
struct SmallExperiment {
  TemporaryFolder folder;
  MemoryData data;
  MemorySplit test_split{90, 3};
  train::TrainingData training = data.with_validation();
  experiment::CellData cells{.training = training, .test = test_split, .fingerprint = training.fingerprint};

  // One thread: the work is too small for two.
  Config config(std::vector<std::string> overrides = {}, const std::string& more = "") const {
    overrides.insert(overrides.begin(), "train.threads=1");
    return parse_config(kSmallConfig + more, "small.yaml", folder.path(), overrides, method_names());
  }
  experiment::LoadConfig loader(std::string more = "") const {
    return [this, more = std::move(more)](const std::vector<std::string>& overrides) {
      return config(overrides, more);
    };
  }
  experiment::ComparePlan plan(const std::string& compare_section, int64_t seeds,
                               const std::vector<std::string>& wanted = {}) const {
    return {.entries = experiment::entries_of(loader(compare_section), wanted, {"esmm", "base"}),
            .config = config({}, compare_section),
            .seeds = seeds,
            .out = folder / "out"};
  }
};

// Wants to stop when it is asked for the (times + 1)-th time. Copies count together.
inline experiment::RunOptions stopping_after(int64_t times) {
  return {.stop = [asked = std::make_shared<int64_t>(0), times] { return ++*asked > times; }};
}

}  // namespace esmm::test
