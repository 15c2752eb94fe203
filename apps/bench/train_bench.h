#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/bench/race.h"
#include "apps/bench/train_case.h"

namespace esmm::bench {

struct TrainBench {
  std::vector<std::string> cases;  // by name; empty: all
  bool without_stock = false;      // for programs that time others themselves
  int64_t batch_size = 2048;
  int64_t table_rows = int64_t{1} << 20;
  NetworkSizes sizes;
  int64_t batches = 16;  // different ones, cycled
  int64_t steps = 16;    // of a measured run
  int rounds = 5;
  int threads = 2;
  std::string device =
      "cpu";  // or a GPU: batches lie there, and products of floats are in TF32, stock LibTorch's too
  std::filesystem::path arrays;  // where to also write each case's batches, <arrays>/<case>; empty: nowhere
};

// Names of the cases:
//   ids25          25 fields of one id
//   ids25_large    the same on a table of 10^7 rows
//   ids500         20 fields of the user with 24 ids each, 5 of the item with 4
//   ids500_user10, ids500_user58   the same, a user's 10 or 58 impressions after each other
//   towers         the towers on a fixed input
std::vector<std::string> train_cases();

// Full steps of training on batches in memory: forward, losses, backward, optimisers; towers in float and in
// bfloat16; where a user has several impressions also with the user's fields looked up once. Stock:
// stock_steps.h. Limit: the same towers, losses and towers' optimiser alone; in `towers` the towers' matrix
// products alone.
std::vector<Row> bench_train(const TrainBench& options);

}  // namespace esmm::bench
