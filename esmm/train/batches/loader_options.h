#pragma once

#include <cstdint>

namespace esmm::train {

// Batches [first_step, last_step) of a run that starts at step 0 and goes through a split epoch by epoch.
// Each epoch's last batch may be smaller. What a batch holds depends on these and the split alone, up to and
// with impressions_per_user.
struct LoaderOptions {
  int64_t batch_size = 0;
  int64_t first_step = 0;
  int64_t last_step = 0;
  bool shuffle = false;
  uint64_t seed = 0;
  int64_t window = int64_t{1} << 18;  // impressions that are shuffled among each other
  int64_t impressions_per_user = 0;   // up to so many of one user stand together; 0: all are shuffled alike
  bool users_apart = false;           // of a split's files: TensorBatch::users is set
  int64_t threads = 1;                // that gather; 0: those of the consumer's operations
  int64_t ahead = 4;                  // batches made ready before they are asked for
};

}  // namespace esmm::train
