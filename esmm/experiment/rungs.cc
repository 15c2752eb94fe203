#include "esmm/experiment/rungs.h"

#include <algorithm>
#include <cmath>

namespace esmm::experiment {

std::vector<Rung> rungs_of(const TuneConfig& tune) {
  if (tune.search == Search::random) return {{.trials = tune.trials, .share = 1}};
  std::vector<Rung> rungs;
  int64_t divisor = 1;
  for (; divisor <= tune.trials; divisor *= tune.keep_one_of)
    rungs.push_back({.trials = (tune.trials + divisor - 1) / divisor, .share = static_cast<double>(divisor)});
  const double last = rungs.back().share;
  for (Rung& rung : rungs) rung.share /= last;
  return rungs;
}

int64_t steps_of(double share, int64_t total) {
  return std::clamp<int64_t>(std::llround(std::ceil(share * static_cast<double>(total) - 1e-9)), 1, total);
}

}  // namespace esmm::experiment
