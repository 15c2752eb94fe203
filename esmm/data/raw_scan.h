#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "esmm/core/progress.h"
#include "esmm/data/column_plan.h"
#include "esmm/data/joined_table.h"
#include "esmm/data/place_encoder.h"
#include "esmm/data/rejected.h"
#include "esmm/data/split_rule.h"

namespace esmm::data {

// One good impression. Views live for the call.
struct Impression {
  int split = kTrain;
  bool click = false, conversion = false;
  const std::filesystem::path* file = nullptr;
  int64_t line = 0;
  std::string_view id;
  int64_t group = 0;  // key of the group column
  double p_ctr = 0, p_cvr = 0;
  float click_weight = 1, conversion_weight = 1;
  std::vector<int64_t> table_rows;  // per table of the plan
  KeyBags keys;                     // one bag per field made at the impression
  const RowView* row = nullptr;
};

struct ScanCounts {
  int64_t lines = 0;                 // of impressions
  std::vector<SourceLines> sources;  // of all that were read
  int64_t left_out = 0;
  int64_t conversions_without_click = 0;
};

// Reads raw logs in order: joined tables first, then impressions. What is bad goes to `rejected`.
class RawScan {
 public:
  // config and plan outlive the scan. progress: may be null.
  RawScan(const DataConfig& config, const RawPlan& plan, const Schema& schema, Rejected& rejected,
          Progress* progress = nullptr);

  // sink(t, keys): row by row, the last being the one for impressions that join nothing.
  void read_tables(const std::function<void(size_t, const KeyBags&)>& sink);
  void read_impressions(const std::function<void(const Impression&)>& consume);

  const ScanCounts& counts() const { return counts_; }
  const JoinedTable* table(size_t t) const { return tables_[t].get(); }  // null: not used

 private:
  void read_source(const SourceConfig& source, size_t place,
                   const std::function<void(const Impression&)>& consume);
  bool read_row(const RawChunk& chunk, int64_t r, size_t source, Rejection& rejection);
  bool read_split(int64_t number, size_t source, Rejection& rejection);
  bool join(size_t source, Rejection& rejection);
  bool read_labels(Rejection& rejection);
  bool read_label(const ValueRef& value, const std::string& column, bool& label, Rejection& rejection) const;
  bool read_truth(const ValueRef& value, const std::string& column, double& p, Rejection& rejection) const;
  // Weight 1 where there is no such column.
  bool read_weight(const std::optional<ValueRef>& value, const std::string& column, float& weight,
                   Rejection& rejection) const;
  double read_number(const ValueRef& value) const;  // nan: missing, or no number
  std::string shown_number(const ValueRef& value) const;
  bool is_new_id(Rejection& rejection);
  std::string_view text(const ValueRef& value) const;

  const DataConfig& config_;
  const RawPlan& plan_;
  const Schema& schema_;
  Rejected& rejected_;
  Progress* progress_;
  SplitRule split_rule_;
  PlaceEncoder encoder_;
  RowView row_;
  std::vector<std::unique_ptr<JoinedTable>> tables_;
  boost::unordered_flat_set<uint64_t> ids_;
  Impression impression_;
  ScanCounts counts_;
  int64_t rows_seen_ = 0;
};

}  // namespace esmm::data
