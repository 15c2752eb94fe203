#include "esmm/data/prepare/dataset_writer.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include <arrow/array.h>
#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/bag_columns.h"
#include "esmm/data/dataset_json.h"
#include "esmm/data/prepare/file_hash.h"
#include "esmm/data/prepare/new_layout.h"
#include "esmm/data/prepare/ordered_work.h"
#include "esmm/data/prepare/split_columns.h"
#include "esmm/data/vocabulary_file.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kShardRows = int64_t{1} << 20;

std::string digest_of(const std::vector<uint64_t>& hashes) {
  const std::string_view bytes(reinterpret_cast<const char*>(hashes.data()),
                               hashes.size() * sizeof(uint64_t));
  return fmt::format("{:016x}", static_cast<uint64_t>(feature_key(bytes, 0)));
}

}  // namespace

DatasetWriter::DatasetWriter(const DataConfig& config, const RawPlan& plan, const Schema& schema,
                             std::string yaml, const fs::path& folder, size_t threads)
    : layout_(new_layout(config, plan, schema, std::move(yaml))),
      folder_(folder),
      workers_(threads),
      counts_(folder / "spill"),
      splits_(kSplitNames.size()),
      split_counts_(kSplitNames.size()) {
  for (size_t t = 0; t < plan.tables.size(); ++t) {
    if (!plan.tables[t].fields.empty()) stored_.push_back(t);
  }
  joins_.resize(stored_.size());
  fs::create_directories(folder_ / "spill");
  fs::create_directories(folder_ / "tables");
  for (size_t i = 0; i < stored_.size(); ++i) {
    tables_.push_back(std::make_unique<PieceFile>(folder_ / "spill" / fmt::format("table{}", i),
                                                  table_schema(layout_, layout_.tables[i])));
    table_places_.push_back({.bags = BagLayout(schema, layout_.tables[i].fields)});
  }
  const SplitColumnPlaces places(layout_);
  split_places_ = {.bags = BagLayout(schema, layout_.fields), .first = places.bags, .text_column = places.id};
}

TableSink DatasetWriter::table_sink(size_t table) {
  const auto found = std::find(stored_.begin(), stored_.end(), table);
  if (found == stored_.end()) return {.in_order = [](const KeyBags&, size_t) {}};
  const auto stored = static_cast<size_t>(found - stored_.begin());
  return {.in_order = [this](const KeyBags&, size_t thread) { workers_[thread].place = chunks_++; },
          .at_once = [this, stored](const KeyBags& keys,
                                    size_t thread) { store_table(stored, keys, workers_[thread]); }};
}

ImpressionSink DatasetWriter::impression_sink() {
  return {.in_order =
              [this](const ImpressionRows& rows, size_t thread) {
                workers_[thread].place = chunks_++;
                if (rows.size() > 0) workers_[thread].file = place_of_file(rows.file);
                count_impressions(rows);
              },
          .at_once =
              [this](const ImpressionRows& rows, size_t thread) {
                for (int split = 0; split < static_cast<int>(splits_.size()); ++split)
                  store_split(split, rows, workers_[thread]);
              }};
}

void DatasetWriter::store_table(size_t stored, const KeyBags& keys, Worker& worker) {
  const BagLayout& bags = table_places_[stored].bags;
  const size_t size = static_cast<size_t>(keys.bags()) / bags.fields.size();
  if (size == 0) return;
  worker.rows.resize(size);
  std::iota(worker.rows.begin(), worker.rows.end(), 0u);
  worker.ids.clear();
  arrow::ArrayVector columns;
  append_bag_columns(
      bags, keys, worker.rows, [&](int64_t key) { return worker.ids.id_of(key); }, columns);
  PieceFile& table = *tables_[stored];
  table.write(worker.place,
              *arrow::RecordBatch::Make(table.schema(), static_cast<int64_t>(size), std::move(columns)),
              worker.ids.keys());
}

void DatasetWriter::count_impressions(const ImpressionRows& rows) {
  for (size_t r = 0; r < rows.size(); ++r) {
    const auto split = static_cast<size_t>(rows.split[r]);
    if (splits_[split] == nullptr) {
      splits_[split] =
          std::make_unique<PieceFile>(folder_ / "spill" / kSplitNames[split], split_schema(layout_));
    }
    SplitCounts& counts = split_counts_[split];
    ++counts.impressions;
    counts.clicks += rows.click[r];
    counts.conversions += rows.conversion[r];
    if (split != kTrain) continue;
    for (size_t i = 0; i < stored_.size(); ++i) {
      const auto row = static_cast<size_t>(rows.table_rows[stored_[i]][r]);
      if (row >= joins_[i].size()) joins_[i].resize(std::max(row + 1, 2 * joins_[i].size()));
      ++joins_[i][row];
    }
  }
}

void DatasetWriter::store_split(int split, const ImpressionRows& rows, Worker& worker) {
  worker.rows.clear();
  for (size_t r = 0; r < rows.size(); ++r) {
    if (rows.split[r] == split) worker.rows.push_back(static_cast<uint32_t>(r));
  }
  if (worker.rows.empty()) return;
  const auto size = static_cast<int64_t>(worker.rows.size());
  worker.ids.clear();
  arrow::ArrayVector columns = split_columns(layout_, stored_, rows, worker.rows, worker.file, worker.ids);
  PieceFile& file = *splits_[static_cast<size_t>(split)];
  const auto batch = arrow::RecordBatch::Make(file.schema(), size, std::move(columns));
  file.write(worker.place, *batch, worker.ids.keys());
  if (split != kTrain || !exact()) return;
  worker.counts.assign(worker.ids.keys().size(), 0);
  const BagColumns bags = bag_columns(*batch, split_places_.bags, split_places_.first);
  for (int64_t i = 0; i < bags.count; ++i) ++worker.counts[bags.ids[i]];
  counts_.add(worker.ids.keys(), worker.counts);
}

int32_t DatasetWriter::place_of_file(const fs::path& file) {
  const auto found = std::find(layout_.files.rbegin(), layout_.files.rend(), file.string());
  if (found != layout_.files.rend()) return static_cast<int32_t>(layout_.files.rend() - found - 1);
  layout_.files.push_back(file.string());
  return static_cast<int32_t>(layout_.files.size() - 1);
}

std::map<std::string, SplitCounts> DatasetWriter::splits() const {
  std::map<std::string, SplitCounts> counts;
  for (size_t split = 0; split < splits_.size(); ++split) {
    if (splits_[split] != nullptr) counts[kSplitNames[split]] = split_counts_[split];
  }
  return counts;
}

const DatasetLayout& DatasetWriter::finish(int64_t min_frequency,
                                           const std::map<std::string, int64_t>& rejected,
                                           const PrepareOptions& options) {
  layout_.info.splits = splits();
  layout_.rejected = rejected;
  const auto close = [](const std::unique_ptr<PieceFile>& file) {
    if (file != nullptr) file->close();
    return file != nullptr ? file->map() : std::vector<Piece>{};
  };
  std::transform(tables_.begin(), tables_.end(), std::back_inserter(table_pieces_), close);
  std::transform(splits_.begin(), splits_.end(), std::back_inserter(split_pieces_), close);
  KeyCounts::Known known;
  layout_.info.table_rows = int64_t{1} << layout_.info.schema.hash_bits;
  if (exact()) {
    for (size_t i = 0; i < stored_.size(); ++i) count_joined_keys(i, table_pieces_[i]);
    known = counts_.settle(min_frequency, workers_.size());
    set_table_rows(static_cast<int64_t>(known.keys.size()));
    write_vocabulary(folder_ / "vocabulary.arrow", known.keys, known.counts);
    known.counts = {};
  }
  const KeyRows rows(layout_.info.schema, known.keys);
  const std::vector<OutputFile> files = plan_files();
  std::vector<uint64_t> hashes = write_files(files, rows, workers_.size(), options);
  hashes.push_back(exact() ? hash_of_file(folder_ / "vocabulary.arrow") : 0);
  layout_.info.digest = digest_of(hashes);
  fs::remove_all(folder_ / "spill");
  esmm::write_file(folder_ / "dataset.json", layout_to_json(layout_));
  return layout_;
}

// A joined row's keys count once per training impression that joins it.
void DatasetWriter::count_joined_keys(size_t stored, const std::vector<Piece>& pieces) {
  const std::vector<int64_t>& joins = joins_[stored];
  std::vector<int64_t> first_rows{0};  // in the table, per piece
  for (const Piece& piece : pieces) first_rows.push_back(first_rows.back() + piece.rows->num_rows());
  const BagPlaces& places = table_places_[stored];
  OrderedWork(0).run(workers_.size(), [&](OrderedWork::Item& item) {
    const auto p = static_cast<size_t>(item.number());
    if (p >= pieces.size()) return false;
    std::vector<int64_t>& counts = workers_[item.thread()].counts;
    counts.assign(pieces[p].keys.size(), 0);
    const int64_t first = first_rows[p];
    const int64_t rows = std::min(pieces[p].rows->num_rows(), static_cast<int64_t>(joins.size()) - first);
    const BagColumns bags = bag_columns(*pieces[p].rows, places.bags, places.first);
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t i = bags.begin(r); i < bags.begin(r + 1); ++i) counts[bags.ids[i]] += joins[first + r];
    }
    counts_.add(pieces[p].keys, counts);
    return true;
  });
}

void DatasetWriter::set_table_rows(int64_t keys) {
  layout_.info.table_rows = keys + layout_.info.schema.size();
  if (layout_.info.table_rows <= std::numeric_limits<int32_t>::max()) return;
  throw Error({.what = "vocabulary is too large",
               .expected = "fewer than 2^31 rows",
               .hint = "raise data.vocabulary.min_frequency or set mode: hashed"});
}

std::vector<OutputFile> DatasetWriter::plan_files() {
  std::vector<OutputFile> files;
  for (size_t i = 0; i < stored_.size(); ++i) {
    files.push_back({folder_ / layout_.tables[i].file, tables_[i]->schema(), &table_places_[i],
                     cut_batches(table_pieces_[i], table_places_[i])});
  }
  for (size_t split = 0; split < splits_.size(); ++split) {
    if (splits_[split] == nullptr) continue;
    const std::string name = kSplitNames[split];
    std::vector<std::string>& shards = layout_.shards[name];
    fs::create_directories(folder_ / name);
    int64_t rows = kShardRows;  // of the last shard; at first none is open
    for (std::vector<PieceRows>& batch : cut_batches(split_pieces_[split], split_places_)) {
      if (rows >= kShardRows) {
        shards.push_back(fmt::format("{}/{:05}.arrow", name, shards.size()));
        files.push_back({folder_ / shards.back(), splits_[split]->schema(), &split_places_, {}});
        rows = 0;
      }
      for (const PieceRows& part : batch) rows += part.end - part.begin;
      files.back().batches.push_back(std::move(batch));
    }
  }
  return files;
}

}  // namespace esmm::data
