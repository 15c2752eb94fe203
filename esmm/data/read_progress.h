#pragma once

#include <cstdint>

#include "esmm/core/progress.h"

namespace esmm::data {

// How far all files are read.
class ReadProgress {
 public:
  // bytes: of all files that will be read.
  ReadProgress(const char* label, int64_t bytes, bool show) : progress_(label, "MB", bytes >> 20, show) {}
  void add(int64_t bytes) { progress_.update((bytes_ += bytes) >> 20); }
  void finish() { progress_.finish(); }

 private:
  Progress progress_;
  int64_t bytes_ = 0;
};

}  // namespace esmm::data
