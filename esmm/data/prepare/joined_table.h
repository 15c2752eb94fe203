#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/prepare/encoded_rows.h"
#include "esmm/data/prepare/place_encoder.h"
#include "esmm/data/prepare/read_progress.h"
#include "esmm/data/raw/rejected.h"

namespace esmm::data {

// Takes the keys of a table's rows, one bag per field of the table, a chunk of rows at a time, with the
// number of the thread that it is on.
struct TableSink {
  // In the order of the rows, one at a time.
  std::function<void(const KeyBags&, size_t thread)> in_order;
  // Then, on the same thread, at the same time as others; may be empty.
  std::function<void(const KeyBags&, size_t thread)> at_once = {};
};

// One column that is kept of a table's rows: texts end to end, or numbers.
struct KeptValues {
  std::string bytes;
  std::vector<int64_t> ends;
  std::vector<double> numbers;

  std::string_view text(int64_t row) const {
    const auto begin = static_cast<size_t>(row == 0 ? 0 : ends[row - 1]);
    return std::string_view(bytes).substr(begin, static_cast<size_t>(ends[row]) - begin);
  }
  void add(std::string_view text) {
    bytes += text;
    ends.push_back(static_cast<int64_t>(bytes.size()));
  }
  void add(double number) { numbers.push_back(number); }
};

// A joined source: read once, its fields made once per row, found by key.
class JoinedTable {
 public:
  JoinedTable(const TablePlan& plan, const Schema& schema)
      : plan_(plan), schema_(schema), kept_(plan.kept.size()) {}

  // Reads the source, once. A row that is bad or whose key an earlier row has goes to `rejected`, every other
  // one to `sink`, and after them a row whose values are all missing: for impressions that join nothing.
  // progress: may be null.
  void read(Rejected& rejected, const TableSink& sink, size_t threads, ReadProgress* progress);

  // Row of a key, or missing_row(). source: place of the impression's source.
  int64_t find(std::string_view key, size_t source) const;
  int64_t missing_row() const { return rows_ - 1; }
  int64_t rows() const { return rows_; }                            // with the missing one
  const std::vector<SourceLines>& lines() const { return lines_; }  // per source

  std::string_view text(size_t kept, int64_t row) const { return kept_[kept].text(row); }
  double number(size_t kept, int64_t row) const { return kept_[kept].numbers[row]; }

 private:
  // XXH3 hashes need no more mixing.
  struct KeyHash {
    using is_avalanching = void;
    size_t operator()(uint64_t key) const { return key; }
  };
  class Encoder;
  struct Rows;

  void read_source(const SourceConfig& source, size_t place, Rejected& rejected, const TableSink& sink,
                   size_t threads, ReadProgress* progress);
  void add_rows(Rows& rows);
  void add_missing_row(const TableSink& sink);

  const TablePlan& plan_;
  const Schema& schema_;
  boost::unordered_flat_map<uint64_t, int32_t, KeyHash> row_of_key_;
  std::vector<KeptValues> kept_;
  int64_t rows_ = 0;
  std::vector<SourceLines> lines_;
};

}  // namespace esmm::data
