#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/bench/race.h"

namespace esmm::bench {

struct DataBench {
  std::vector<std::string> cases;  // ids25, ids500 (data_cases()); empty: all
  double gigabytes = 4.2;          // of each case's data set
  std::filesystem::path folder = std::filesystem::temp_directory_path();  // where it is written, then removed
  int64_t batch_size = 2048;
  int64_t table_rows = int64_t{1} << 20;
  int64_t window = int64_t{1} << 18;  // impressions that are shuffled among each other
  int64_t impressions_per_user = 0;   // that stand together, with their user apart
  int64_t batches = 16;               // held in memory, cycled
  int64_t steps = 512;                // of a measured run: four windows'
  int rounds = 5;
  int threads = 2;
  int64_t loader_threads = 0;  // 0: the threads of the operations gather
  std::string device = "cpu";  // of the steps of training
  bool resident = false;       // also with the split kept in the device's memory, which it must fit
};

std::vector<std::string> data_cases();

struct DataResult {
  std::vector<Row> rows;
  std::vector<std::string> notes;  // what anonymous memory each case came to
};

// The way of the data into a step of training, from a data set that is written first. Per case:
//   <case>_loader  the loader alone, shuffled, its pages in the page cache. Stock: torch::data's DataLoader
//                  over a tensor of ids. Limit: one copy of as many bytes an impression.
//   <case>_train   full steps (row-wise Adagrad) fed from the disk, whose pages left the page cache before
//                  each run; what precedes the first batch is not timed, the windows that come next are read
//                  while those before them train. Then the same batches again, now in the page cache. Limit:
//                  the same steps on batches that are held in memory. With `resident` also from the split
//                  kept in the device's memory (data.placement: device), which is loaded before and stays
//                  there.
DataResult bench_data(const DataBench& options);

}  // namespace esmm::bench
