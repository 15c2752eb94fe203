#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "apps/bench/race.h"

namespace esmm::bench {

struct PrepareBench {
  int64_t impressions = 2'000'000;
  std::filesystem::path csv = {};  // repeated until it has csv_bytes; empty: no CSV case
  int64_t csv_bytes = int64_t{300} << 20;
  std::filesystem::path folder =
      {};           // for the files, some GB; empty: the system's folder for temporary files
  int threads = 0;  // 0: as many as the machine has
  int rounds = 5;
};

// Raw logs, with the bytes of their text as samples, files in the page cache:
//   prepare_ali_ccp       generated logs to a data set. Limit: one thread that finds the line ends by memchr.
//   prepare_ali_ccp_rows  the same, with impressions as samples
//   csv_read              the CSV reader, all columns as text. Stock: Arrow's. Limit: as above.
// Throws Error where a file cannot be written, InternalError where both readers find other numbers of rows.
std::vector<Row> bench_prepare(const PrepareBench& options);

}  // namespace esmm::bench
