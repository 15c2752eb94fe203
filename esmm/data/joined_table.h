#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "esmm/data/column_plan.h"
#include "esmm/data/place_encoder.h"
#include "esmm/data/rejected.h"

namespace esmm::data {

// A joined source: read once, its fields made once per row, found by key.
class JoinedTable {
 public:
  // Takes the keys of one row: one bag per field of the table.
  using RowSink = std::function<void(const KeyBags&)>;

  // Reads the source. A row that is bad or whose key an earlier row has goes to `rejected`, every other one
  // to `sink`, and after them a row whose values are all missing: for impressions that join nothing.
  JoinedTable(const TablePlan& plan, const Schema& schema, Rejected& rejected, const RowSink& sink);

  // Row of a key, or missing_row(). source: place of the impression's source.
  int64_t find(std::string_view key, size_t source) const;
  int64_t missing_row() const { return rows_ - 1; }
  int64_t rows() const { return rows_; }                            // with the missing one
  const std::vector<SourceLines>& lines() const { return lines_; }  // per source

  std::string_view text(size_t kept, int64_t row) const;
  double number(size_t kept, int64_t row) const;  // nan: missing

 private:
  // One column kept: texts end to end, or numbers.
  struct Kept {
    std::string bytes;
    std::vector<int64_t> ends;
    std::vector<double> numbers;
  };

  // XXH3 hashes need no more mixing.
  struct KeyHash {
    using is_avalanching = void;
    size_t operator()(uint64_t key) const { return key; }
  };

  void read(const SourceConfig& source, size_t place, const Schema& schema, Rejected& rejected,
            const RowSink& sink);
  bool add_row(const RowView& row, PlaceEncoder& encoder, uint64_t key, KeyBags& keys, Rejection& rejection);
  bool read_kept(const RowView& row, const PlaceEncoder& encoder, Rejection& rejection);
  void add_missing_row(const Schema& schema, const RowSink& sink);

  const TablePlan& plan_;
  boost::unordered_flat_map<uint64_t, int32_t, KeyHash> row_of_key_;
  std::vector<Kept> kept_;
  std::vector<std::string> texts_;  // the present row's kept values
  std::vector<double> numbers_;
  int64_t rows_ = 0;
  std::vector<SourceLines> lines_;
};

}  // namespace esmm::data
