#pragma once

#include <functional>

#include "esmm/core/error.h"

namespace esmm::data {

// How prepare works; no byte of the data set depends on it.
struct PrepareOptions {
  bool show_progress = false;
  int threads = 0;                  // 0: as many as the machine has
  std::function<bool()> stop = {};  // asked now and then, by one thread at a time; true: Interrupted
};

// Throws Interrupted where a stop is wanted.
inline void stop_if_wanted(const PrepareOptions& options) {
  if (!options.stop || !options.stop()) return;
  throw Interrupted({.what = "interrupted before the data set was complete: nothing of it is kept",
                     .hint = "the same command starts anew"});
}

}  // namespace esmm::data
