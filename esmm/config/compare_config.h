#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace esmm {

// One row of the comparison: a method, with settings of its own.
struct CompareEntry {
  std::string name;
  std::string method;
  std::vector<std::string> set;  // as --set takes them, keys of model and train
};

// What `esmm compare` trains. Without entries: every registered method as the config says.
struct CompareConfig {
  std::filesystem::path out;
  int64_t seeds = 5;  // each entry is trained with train.seed 1 .. seeds
  std::vector<CompareEntry> entries;
};

}  // namespace esmm
