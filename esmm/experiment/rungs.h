#pragma once

#include <cstdint>
#include <vector>

#include "esmm/config/tune_config.h"

namespace esmm::experiment {

// How many trials are trained to which part of their steps.
struct Rung {
  int64_t trials = 0;
  double share = 1;  // of a trial's own steps
};

// Random search: one rung, all trials to their end. Successive halving (Jamieson & Talwalkar, AISTATS 2016)
// with n trials and k = keep_one_of: R = 1 + floor(log_k n) rungs r = 0 .. R-1; rung r trains the best ceil(n
// / k^r) trials of the one before to k^-(R-1-r) of their steps. They go on from where that one left them, and
// each rung takes about the same time.
std::vector<Rung> rungs_of(const TuneConfig& tune);

// Steps of a share of `total`, rounded up.
int64_t steps_of(double share, int64_t total);

}  // namespace esmm::experiment
