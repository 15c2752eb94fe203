#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/prepare/encoded_rows.h"
#include "esmm/data/prepare/impression_encoder.h"
#include "esmm/data/prepare/joined_table.h"
#include "esmm/data/prepare/read_progress.h"
#include "esmm/data/prepare/scan_counts.h"

namespace esmm::data {

// Takes good impressions, a chunk at a time, with the number of the thread that it is on.
struct ImpressionSink {
  // In the order of the logs, one at a time.
  std::function<void(const ImpressionRows&, size_t thread)> in_order;
  // Then, on the same thread, at the same time as others; may be empty.
  std::function<void(const ImpressionRows&, size_t thread)> at_once = {};
};

// Reads raw logs in order, on several threads: joined tables first, then impressions. What is bad goes to
// `rejected`, in the order of the lines. Nothing depends on the number of threads.
class RawScan {
 public:
  struct Options {
    size_t threads = 1;
    ReadProgress* progress = nullptr;
    std::vector<ColumnRef> numbers = {};  // of impressions: wanted beside the fields
  };

  // config and plan outlive the scan.
  RawScan(const DataConfig& config, const RawPlan& plan, const Schema& schema, Rejected& rejected,
          Options options);

  // sink(t): takes the rows of table t, the last being the one for impressions that join nothing.
  void read_tables(const std::function<TableSink(size_t table)>& sink);
  void read_impressions(const ImpressionSink& sink);

  const ScanCounts& counts() const { return counts_; }
  const JoinedTable* table(size_t t) const { return tables_[t].get(); }  // null: not used

 private:
  void read_source(const SourceConfig& source, size_t place, const ImpressionSink& sink);
  void drop_repeated_ids(ImpressionRows& rows);
  void count_unmatched(const ImpressionRows& rows);

  const DataConfig& config_;
  const RawPlan& plan_;
  const Schema& schema_;
  Rejected& rejected_;
  Options options_;
  JoinedTables tables_;
  boost::unordered_flat_set<uint64_t> ids_;
  ScanCounts counts_;
  int64_t rows_seen_ = 0;
};

}  // namespace esmm::data
