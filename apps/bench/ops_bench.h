#pragma once

#include <cstdint>
#include <vector>

#include "apps/bench/race.h"

namespace esmm::bench {

struct OpsBench {
  int64_t batch_size = 2048;
  int64_t table_rows = int64_t{1} << 20;
  int64_t dimension = 16;
  int64_t batches = 16;  // different ones, cycled
  int64_t steps = 16;    // of a measured run
  int rounds = 5;
  int threads = 2;
};

// The parts of a step that the table takes, at 25 and at 500 ids an impression (train_bench.h):
//   forward_*   bags -> [B, F * D]. Stock: at::_embedding_bag
//   update_*    gradient of the bags -> moved table. Stock: the sparse gradient of
//               at::_embedding_bag_backward to torch::optim::Adagrad
// Limit: the bytes that must move (ops_limits.h). Forward reads the ids and each row once and writes the
// result; row-wise Adagrad's update reads the ids and the gradient, and reads and writes each row and its sum
// of squares once.
std::vector<Row> bench_ops(const OpsBench& options);

}  // namespace esmm::bench
