#pragma once

#include <cstdint>

#include "esmm/core/progress.h"
#include "esmm/data/prepare/prepare_options.h"

namespace esmm::data {

// How far all files are read, and whether to go on.
class ReadProgress {
 public:
  // bytes: of all files that will be read. The options outlive it.
  ReadProgress(const char* label, int64_t bytes, const PrepareOptions& options)
      : options_(options), progress_(label, "MB", bytes >> 20, options.show_progress) {}
  // Throws Interrupted where a stop is wanted.
  void add(int64_t bytes) {
    stop_if_wanted(options_);
    progress_.update((bytes_ += bytes) >> 20);
  }
  void finish() { progress_.finish(); }

 private:
  const PrepareOptions& options_;
  Progress progress_;
  int64_t bytes_ = 0;
};

}  // namespace esmm::data
