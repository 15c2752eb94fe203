#include "esmm/data/mapped_split.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <arrow/array.h>

#include "esmm/core/error.h"
#include "esmm/core/random.h"
#include "esmm/data/arrow_file.h"
#include "esmm/data/bag_set.h"
#include "esmm/data/field_homes.h"
#include "esmm/data/mapped_labels.h"
#include "esmm/data/mapped_pages.h"

namespace esmm::data {
namespace fs = std::filesystem;
namespace {

// Of the files that are there; those missing are found when they are mapped.
uint64_t bytes_of(const fs::path& folder, const std::vector<std::string>& files) {
  uint64_t bytes = 0;
  std::error_code missing;
  for (const std::string& file : files) {
    const uint64_t more = fs::file_size(folder / file, missing);
    if (!missing) bytes += more;
  }
  return bytes;
}

class MappedSplit : public Split {
 public:
  MappedSplit(const DatasetLayout& layout, SplitCounts counts, MappedRows rows, Pages pages,
              MappedTables tables)
      : schema_(layout.info.schema),
        table_rows_(layout.info.table_rows),
        counts_(counts),
        places_(layout),
        rows_(std::move(rows)),
        pages_(pages),
        tables_(std::move(tables)),
        homes_(layout),
        labels_(rows_.batches(), places_) {
    if (!labels_.good() || labels_.counts() != counts_) rows_.throw_damaged();
    for (const auto& batch : rows_.batches()) {
      for (size_t t = 0; t < tables_.size(); ++t) {
        const auto& column =
            static_cast<const arrow::Int32Array&>(*batch->column(places_.tables + static_cast<int>(t)));
        table_index_.push_back(column.raw_values());
      }
    }
    columns_read_ = {places_.click, places_.conversion};
    for (const int weight : {places_.click_weight, places_.conversion_weight}) {
      if (weight >= 0) columns_read_.push_back(weight);
    }
    for (size_t t = 0; t < tables_.size(); ++t) columns_read_.push_back(places_.tables + static_cast<int>(t));
  }

  const Schema& schema() const override { return schema_; }
  const SplitCounts& counts() const override { return counts_; }
  int64_t table_rows() const override { return table_rows_; }
  bool has_click_weight() const override { return places_.click_weight >= 0; }
  bool has_conversion_weight() const override { return places_.conversion_weight >= 0; }

  void find_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                 std::span<int64_t> lengths, std::vector<StoredIds>& pieces) const override {
    const FieldHomes::Runs runs = homes_.runs(fields);
    const size_t before = pieces.size();
    pieces.resize(before + impressions.size() * runs.pieces);
    const FoundBags found{.pieces = pieces.data() + before, .lengths = lengths.data()};
    const std::vector<MappedRows::Place> own = own_places(impressions);
    if (!runs.of_home[0].empty()) rows_.find(own, runs.of_home[0], found, runs.pieces, fields.size());
    for (size_t t = 0; t < tables_.size(); ++t) {
      const std::vector<FieldRun>& of_table = runs.of_home[t + 1];
      if (of_table.empty()) continue;
      tables_[t]->find(joined_places(own, t), of_table, found, runs.pieces, fields.size());
    }
  }

  void copy_ids(std::span<const StoredIds> pieces, int32_t* ids, float* weights) const override {
    if (!data::copy_ids(pieces, table_rows_, ids, weights)) rows_.throw_damaged();
  }

  void copy_labels(std::span<const int64_t> impressions, const LabelTarget& target) const override {
    labels_.copy(own_places(impressions), target);
  }

  // A joined row stands for all that was joined.
  void hash_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                 std::span<uint64_t> hashes) const override {
    const std::vector<MappedRows::Place> places = own_places(impressions);
    std::fill(hashes.begin(), hashes.end(), 0);
    for (const size_t t : homes_.tables_among(fields)) {
      for (size_t i = 0; i < hashes.size(); ++i)
        hashes[i] = mix64(hashes[i] ^ static_cast<uint64_t>(table_row(places[i], t)));
    }
    const BagSet bags = own_bags(impressions, fields);
    for (size_t i = 0; i < hashes.size(); ++i) hashes[i] = bags.hash(i, hashes[i]);
  }

  void same_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields,
                 std::span<uint8_t> same) const override {
    const std::vector<MappedRows::Place> places = own_places(impressions);
    const BagSet bags = own_bags(impressions, fields);
    const std::vector<size_t> tables = homes_.tables_among(fields);
    for (size_t i = 0; i + 1 < impressions.size(); ++i) {
      const bool joined_same = std::all_of(tables.begin(), tables.end(), [&](size_t t) {
        return table_row(places[i], t) == table_row(places[i + 1], t);
      });
      same[i] = static_cast<uint8_t>(joined_same && bags.same(i, i + 1));
    }
  }

  void read_in(int64_t first, int64_t count) const override {
    // What is begun to be read is read in pages of any size: it would leave no large ones.
    if (pages_ == Pages::usual) rows_.visit_memory(first, count, columns_read_, start_reading);
    rows_.visit_memory(first, count, columns_read_, finish_reading);
  }

  void read_in_joined(std::span<const int64_t> impressions) const override {
    std::vector<int64_t> joined(impressions.size());
    for (size_t t = 0; t < tables_.size(); ++t) {
      std::transform(impressions.begin(), impressions.end(), joined.begin(),
                     [&](int64_t impression) { return table_row(locate(impression), t); });
      std::sort(joined.begin(), joined.end());
      for (const auto visit : {start_reading, finish_reading}) tables_[t]->visit_memory(joined, visit);
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
  MappedRows::Place locate(int64_t impression) const {
    if (impression < 0 || impression >= size()) throw InternalError("impression outside the split");
    return rows_.locate(impression);
  }

  std::vector<MappedRows::Place> own_places(std::span<const int64_t> impressions) const {
    std::vector<MappedRows::Place> places;
    places.reserve(impressions.size());
    for (const int64_t impression : impressions) places.push_back(locate(impression));
    return places;
  }

  std::vector<MappedRows::Place> joined_places(const std::vector<MappedRows::Place>& own, size_t t) const {
    std::vector<MappedRows::Place> places;
    places.reserve(own.size());
    for (const MappedRows::Place place : own) places.push_back(tables_[t]->locate(table_row(place, t)));
    return places;
  }

  // Of those of the fields that are the impressions' own.
  BagSet own_bags(std::span<const int64_t> impressions, std::span<const int64_t> fields) const {
    const std::vector<int64_t> own = homes_.own_among(fields);
    BagSet bags;
    bags.fields = own.size();
    bags.lengths.resize(impressions.size() * own.size());
    find_bags(impressions, own, bags.lengths, bags.pieces);
    if (!impressions.empty()) bags.pieces_each = bags.pieces.size() / impressions.size();
    return bags;
  }

  int64_t table_row(MappedRows::Place place, size_t t) const {
    const int32_t row = table_index_[static_cast<size_t>(place.batch) * tables_.size() + t][place.row];
    if (row < 0 || row >= tables_[t]->size()) rows_.throw_damaged();
    return row;
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

  Schema schema_;
  int64_t table_rows_;
  SplitCounts counts_;
  SplitColumnPlaces places_;
  MappedRows rows_;
  Pages pages_;
  MappedTables tables_;
  FieldHomes homes_;
  MappedLabels labels_;
  std::vector<const int32_t*> table_index_;  // batches x tables
  std::vector<int> columns_read_;            // beside the fields: labels, weights, tables
};

}  // namespace

MappedTables map_tables(const fs::path& folder, const DatasetLayout& layout) {
  MappedTables tables;
  for (const TableLayout& table : layout.tables) {
    const fs::path file = folder / table.file;
    tables.push_back(std::make_shared<MappedRows>(map_arrow_file(file, *table_schema(layout, table)),
                                                  BagLayout(layout.info.schema, table.fields), 0,
                                                  file.string()));
  }
  return tables;
}

std::shared_ptr<Split> map_split(const fs::path& folder, const DatasetLayout& layout, const std::string& name,
                                 const MappedTables& tables) {
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  const Pages pages =
      fits_into_memory(bytes_of(folder, files_read_with(layout, name))) ? Pages::large : Pages::usual;
  for (const std::string& shard : layout.shards.at(name)) {
    auto more = map_arrow_file(folder / shard, *split_schema(layout), pages);
    batches.insert(batches.end(), more.begin(), more.end());
  }
  MappedRows rows(std::move(batches), BagLayout(layout.info.schema, layout.fields),
                  SplitColumnPlaces(layout).bags, (folder / name).string());
  return std::make_shared<MappedSplit>(layout, layout.info.splits.at(name), std::move(rows), pages, tables);
}

}  // namespace esmm::data
