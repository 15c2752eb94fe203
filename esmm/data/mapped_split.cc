#include "esmm/data/mapped_split.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <arrow/array.h>

#include "esmm/core/error.h"
#include "esmm/data/arrow_file.h"

namespace esmm::data {
namespace fs = std::filesystem;
namespace {

// Where a field's bags are: a place among a table's fields, or the impressions' own (table -1).
struct FieldHome {
  int64_t table = -1;
  size_t place = 0;
};

class MappedSplit : public Split {
 public:
  MappedSplit(const DatasetLayout& layout, SplitCounts counts, MappedRows rows, MappedTables tables)
      : counts_(counts),
        places_(layout),
        table_rows_(layout.info.table_rows),
        rows_(std::move(rows)),
        tables_(std::move(tables)),
        homes_(static_cast<size_t>(layout.info.schema.size())) {
    for (size_t i = 0; i < layout.fields.size(); ++i) homes_[layout.fields[i]] = {-1, i};
    for (size_t t = 0; t < layout.tables.size(); ++t) {
      for (size_t i = 0; i < layout.tables[t].fields.size(); ++i)
        homes_[layout.tables[t].fields[i]] = {static_cast<int64_t>(t), i};
    }
    weighted_ = std::any_of(layout.info.schema.fields.begin(), layout.info.schema.fields.end(),
                            [](const Field& field) { return !field.weights.empty(); });
    for (const auto& batch : rows_.batches()) {
      click_.push_back(static_cast<const arrow::UInt8Array&>(*batch->column(places_.click)).raw_values());
      conversion_.push_back(
          static_cast<const arrow::UInt8Array&>(*batch->column(places_.conversion)).raw_values());
      add_weights(*batch, places_.click_weight, click_weight_);
      add_weights(*batch, places_.conversion_weight, conversion_weight_);
      for (size_t t = 0; t < tables_.size(); ++t) {
        const auto& column =
            static_cast<const arrow::Int32Array&>(*batch->column(places_.tables + static_cast<int>(t)));
        table_index_.push_back(column.raw_values());
      }
    }
    require_counts();
  }

  const SplitCounts& counts() const override { return counts_; }

  void gather(std::span<const int64_t> impressions, Batch& batch) const override {
    batch.size = static_cast<int64_t>(impressions.size());
    batch.bags.clear();
    batch.bags.offsets.reserve(impressions.size() * homes_.size() + 1);
    batch.click.resize(impressions.size());
    batch.conversion.resize(impressions.size());
    batch.click_weight.resize(click_weight_.empty() ? 0 : impressions.size());
    batch.conversion_weight.resize(conversion_weight_.empty() ? 0 : impressions.size());
    std::vector<MappedRows::Place> joined(tables_.size());
    for (size_t i = 0; i < impressions.size(); ++i) {
      if (impressions[i] < 0 || impressions[i] >= size()) throw InternalError("impression outside the split");
      const MappedRows::Place place = rows_.locate(impressions[i]);
      batch.click[i] = static_cast<float>(click_[place.batch][place.row]);
      batch.conversion[i] = static_cast<float>(conversion_[place.batch][place.row]);
      if (!click_weight_.empty()) batch.click_weight[i] = click_weight_[place.batch][place.row];
      if (!conversion_weight_.empty())
        batch.conversion_weight[i] = conversion_weight_[place.batch][place.row];
      for (size_t t = 0; t < tables_.size(); ++t) joined[t] = joined_row(place, t);
      for (const FieldHome& home : homes_) {
        if (home.table < 0) {
          rows_.append(place, home.place, weighted_, table_rows_, batch.bags);
        } else {
          tables_[home.table]->append(joined[home.table], home.place, weighted_, table_rows_, batch.bags);
        }
      }
    }
  }

  std::vector<float> clicks() const override { return column<arrow::UInt8Array, float>(places_.click); }
  std::vector<float> conversions() const override {
    return column<arrow::UInt8Array, float>(places_.conversion);
  }
  std::vector<int64_t> groups() const override { return column<arrow::Int64Array, int64_t>(places_.group); }
  std::vector<double> p_ctr() const override { return column<arrow::DoubleArray, double>(places_.p_ctr); }
  std::vector<double> p_cvr() const override { return column<arrow::DoubleArray, double>(places_.p_cvr); }
  std::vector<int64_t> lines() const override { return column<arrow::Int64Array, int64_t>(places_.line); }

  std::vector<std::string> ids() const override {
    std::vector<std::string> values;
    if (places_.id < 0) return values;
    values.reserve(static_cast<size_t>(size()));
    for (const auto& batch : rows_.batches()) {
      const auto& ids = static_cast<const arrow::StringArray&>(*batch->column(places_.id));
      require_full(ids);
      for (int64_t r = 0; r < ids.length(); ++r) values.emplace_back(ids.GetView(r));
    }
    return values;
  }

 private:
  MappedRows::Place joined_row(MappedRows::Place place, size_t t) const {
    const int32_t row = table_index_[static_cast<size_t>(place.batch) * tables_.size() + t][place.row];
    if (row < 0 || row >= tables_[t]->size()) rows_.throw_damaged();
    return tables_[t]->locate(row);
  }

  // Checked here once, as labels are. place -1: the split has none.
  void add_weights(const arrow::RecordBatch& batch, int place, std::vector<const float*>& weights) const {
    if (place < 0) return;
    const float* values = static_cast<const arrow::FloatArray&>(*batch.column(place)).raw_values();
    const bool good = std::all_of(values, values + batch.num_rows(),
                                  [](float weight) { return weight >= 0 && std::isfinite(weight); });
    if (!good) rows_.throw_damaged();
    weights.push_back(values);
  }

  // Labels are checked here once: training relies on them.
  void require_counts() const {
    SplitCounts found;
    bool good = true;
    for (size_t b = 0; b < click_.size(); ++b) {
      const int64_t rows = rows_.batches()[b]->num_rows();
      found.impressions += rows;
      for (int64_t r = 0; r < rows; ++r) {
        found.clicks += click_[b][r];
        found.conversions += conversion_[b][r];
        good = good && click_[b][r] <= 1 && conversion_[b][r] <= click_[b][r];
      }
    }
    if (!good || found.impressions != counts_.impressions || found.clicks != counts_.clicks ||
        found.conversions != counts_.conversions) {
      rows_.throw_damaged();
    }
  }

  void require_full(const arrow::Array& array) const {
    if (!array.ValidateFull().ok()) rows_.throw_damaged();
  }

  template <class ArrayType, class T>
  std::vector<T> column(int place) const {
    std::vector<T> values;
    if (place < 0) return values;
    values.reserve(static_cast<size_t>(size()));
    for (const auto& batch : rows_.batches()) {
      const auto& array = static_cast<const ArrayType&>(*batch->column(place));
      for (int64_t r = 0; r < array.length(); ++r) values.push_back(static_cast<T>(array.Value(r)));
    }
    return values;
  }

  SplitCounts counts_;
  SplitColumnPlaces places_;
  int64_t table_rows_;
  bool weighted_ = false;
  MappedRows rows_;
  MappedTables tables_;
  std::vector<FieldHome> homes_;                                // per field
  std::vector<const uint8_t*> click_, conversion_;              // per batch
  std::vector<const float*> click_weight_, conversion_weight_;  // per batch; empty: none
  std::vector<const int32_t*> table_index_;                     // batches x tables
};

}  // namespace

MappedTables map_tables(const fs::path& folder, const DatasetLayout& layout) {
  MappedTables tables;
  for (const TableLayout& table : layout.tables) {
    const fs::path file = folder / table.file;
    tables.push_back(std::make_shared<MappedRows>(map_arrow_file(file, *table_schema(layout, table)),
                                                  layout.info.schema, table.fields, 0, file.string()));
  }
  return tables;
}

std::shared_ptr<Split> map_split(const fs::path& folder, const DatasetLayout& layout, const std::string& name,
                                 const MappedTables& tables) {
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  for (const std::string& shard : layout.shards.at(name)) {
    auto more = map_arrow_file(folder / shard, *split_schema(layout));
    batches.insert(batches.end(), more.begin(), more.end());
  }
  MappedRows rows(std::move(batches), layout.info.schema, layout.fields, SplitColumnPlaces(layout).fields,
                  (folder / name).string());
  return std::make_shared<MappedSplit>(layout, layout.info.splits.at(name), std::move(rows), tables);
}

}  // namespace esmm::data
