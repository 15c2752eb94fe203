#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/prepare/encoded_rows.h"
#include "esmm/data/prepare/joined_table.h"
#include "esmm/data/prepare/place_encoder.h"
#include "esmm/data/prepare/row_view.h"
#include "esmm/data/prepare/split_rule.h"

namespace esmm::data {

using JoinedTables = std::vector<std::unique_ptr<JoinedTable>>;  // per table of the plan; null: not used

// Makes impressions of raw rows. One per thread.
class ImpressionEncoder {
 public:
  // The arguments outlive it. numbers: columns whose numbers are wanted beside the fields.
  ImpressionEncoder(const DataConfig& config, const RawPlan& plan, const Schema& schema,
                    const JoinedTables& tables, const std::vector<ColumnRef>& numbers);

  // source: place of the chunk's source in the plan. first: place of its first row in all that is read. Takes
  // over what the reader rejected.
  void encode(RawChunk& chunk, size_t source, int64_t first, ImpressionRows& out);

  // Values of the split's column so far.
  const ValueRange& split_values() const { return split_values_; }

 private:
  bool encode_row(const RawChunk& chunk, int64_t r, int64_t number);
  bool join();
  bool read_split(int64_t number);
  bool read_labels();
  bool read_label(const ValueRef& value, const std::string& column, bool& label);
  bool read_truth(const ValueRef& value, const std::string& column, double& p);
  // Weight 1 where there is no such column.
  bool read_weight(const std::optional<ValueRef>& value, const std::string& column, float& weight);
  double read_number(const ValueRef& value) const;  // nan: missing, or no number
  std::string shown_number(const ValueRef& value) const;
  std::string_view text(const ValueRef& value) const;
  void add_row(const RawChunk& chunk, int64_t r);

  const DataConfig& config_;
  const RawPlan& plan_;
  const JoinedTables& tables_;
  const std::vector<ColumnRef>& numbers_;
  SplitRule split_rule_;
  ValueRange split_values_;
  std::optional<std::string> last_split_text_;  // split_ is of this one
  PlaceEncoder encoder_;
  RowView row_;
  Rejection rejection_;
  ImpressionRows* out_ = nullptr;

  // The present row.
  size_t source_ = 0;
  int split_ = kTrain;
  bool click_ = false, conversion_ = false;
  double p_ctr_ = 0, p_cvr_ = 0;
  float click_weight_ = 1, conversion_weight_ = 1;
  std::vector<int64_t> table_rows_;
};

}  // namespace esmm::data
