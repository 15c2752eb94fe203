#include "esmm/data/dataset_writer.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <string_view>
#include <utility>

#include <arrow/array.h>
#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/file_hash.h"
#include "esmm/data/parallel.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kShardRows = int64_t{1} << 20;
constexpr int64_t kVocabularyBatch = int64_t{1} << 20;

using Batches = std::vector<std::shared_ptr<arrow::RecordBatch>>;

std::string safe_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_'; },
      '_');
  return name;
}

std::vector<int64_t> fields_of(const PlacePlan& place) {
  std::vector<int64_t> fields;
  for (const PlacedField& placed : place.fields) fields.push_back(placed.field);
  return fields;
}

std::string digest_of(const std::vector<uint64_t>& hashes) {
  const std::string_view bytes(reinterpret_cast<const char*>(hashes.data()),
                               hashes.size() * sizeof(uint64_t));
  return fmt::format("{:016x}", static_cast<uint64_t>(feature_key(bytes, 0)));
}

std::shared_ptr<arrow::Array> int64_slice(const std::vector<int64_t>& values, int64_t begin, int64_t rows) {
  return std::make_shared<arrow::Int64Array>(
      rows, arrow::Buffer::Wrap(values.data() + begin, static_cast<size_t>(rows)));
}

}  // namespace

struct DatasetWriter::Task {
  fs::path file;
  Batches batches;
  const std::vector<int64_t>* fields;
  int first_field;
};

DatasetWriter::DatasetWriter(const DataConfig& config, const RawPlan& plan, const Schema& schema,
                             std::string yaml, const fs::path& folder)
    : folder_(folder), ids_(schema), tables_(plan.tables.size()), splits_(kSplitNames.size()) {
  layout_.info.schema = schema;
  layout_.info.has_truth = plan.p_ctr.has_value();
  layout_.info.has_click_weight = plan.click_weight.has_value();
  layout_.info.has_conversion_weight = plan.conversion_weight.has_value();
  layout_.info.group_by = config.group_by;
  layout_.info.id = config.id;
  layout_.info.config = std::move(yaml);
  layout_.fields = fields_of(plan.impressions);
  for (size_t t = 0; t < plan.tables.size(); ++t) {
    if (plan.tables[t].fields.empty()) continue;
    const std::string& name = plan.tables[t].name;
    layout_.tables.push_back({name, fmt::format("tables/{}-{}.arrow", stored_.size(), safe_name(name)),
                              fields_of(plan.tables[t])});
    stored_.push_back(t);
  }
  joins_.resize(stored_.size());
  fs::create_directories(folder_ / "spill");
  fs::create_directories(folder_ / "tables");
  for (size_t i = 0; i < stored_.size(); ++i) {
    tables_[stored_[i]] = std::make_unique<TableSpill>(layout_, layout_.tables[i], spilled_table(i));
  }
}

fs::path DatasetWriter::spilled_table(size_t t) const {
  return folder_ / "spill" / fmt::format("table{}.arrow", t);
}

fs::path DatasetWriter::spilled_split(int split) const {
  return folder_ / "spill" / fmt::format("{}.arrow", kSplitNames[static_cast<size_t>(split)]);
}

void DatasetWriter::add_table_row(size_t table, const KeyBags& keys) {
  if (tables_[table] != nullptr) tables_[table]->add(keys, ids_);
}

void DatasetWriter::add(const Impression& impression) {
  std::unique_ptr<SplitSpill>& spill = splits_[static_cast<size_t>(impression.split)];
  if (spill == nullptr)
    spill = std::make_unique<SplitSpill>(layout_, stored_, spilled_split(impression.split));
  const bool train = impression.split == kTrain;
  spill->add(impression, place_of_file(*impression.file), train, ids_);
  if (!train) return;
  for (size_t i = 0; i < stored_.size(); ++i) {
    const auto row = static_cast<size_t>(impression.table_rows[stored_[i]]);
    if (row >= joins_[i].size()) joins_[i].resize(std::max(row + 1, 2 * joins_[i].size()));
    ++joins_[i][row];
  }
}

int32_t DatasetWriter::place_of_file(const fs::path& file) {
  if (layout_.files.empty() || file != last_file_) {
    const auto found = std::find(layout_.files.begin(), layout_.files.end(), file.string());
    place_of_last_file_ = static_cast<int32_t>(found - layout_.files.begin());
    if (found == layout_.files.end()) layout_.files.push_back(file.string());
    last_file_ = file;
  }
  return place_of_last_file_;
}

std::map<std::string, SplitCounts> DatasetWriter::splits() const {
  std::map<std::string, SplitCounts> counts;
  for (size_t split = 0; split < splits_.size(); ++split) {
    if (splits_[split] != nullptr) counts[kSplitNames[split]] = splits_[split]->counts();
  }
  return counts;
}

const DatasetLayout& DatasetWriter::finish(int64_t min_frequency,
                                           const std::map<std::string, int64_t>& rejected) {
  layout_.info.splits = splits();
  layout_.rejected = rejected;
  for (const auto& table : tables_) {
    if (table != nullptr) table->close();
  }
  for (const auto& split : splits_) {
    if (split != nullptr) split->close();
  }
  const bool exact = layout_.info.schema.mode == VocabularyMode::exact;
  if (exact) count_joined_keys();
  if (exact) write_vocabulary(ids_.settle(min_frequency));
  if (!exact) layout_.info.table_rows = int64_t{1} << layout_.info.schema.hash_bits;
  const std::vector<Task> tasks = plan_files();
  std::vector<uint64_t> hashes(tasks.size() + 1);
  for_each_parallel(tasks.size(), [&](size_t i) {
    write_file(tasks[i]);
    hashes[i] = hash_of_file(tasks[i].file);
  });
  if (exact) hashes.back() = hash_of_file(folder_ / "vocabulary.arrow");
  layout_.info.digest = digest_of(hashes);
  fs::remove_all(folder_ / "spill");
  esmm::write_file(folder_ / "dataset.json", layout_to_json(layout_));
  return layout_;
}

// A joined row's keys count once per training impression that joins it.
void DatasetWriter::count_joined_keys() {
  for (size_t i = 0; i < stored_.size(); ++i) {
    int64_t first = 0;  // row of the batch's first
    const TableLayout& table = layout_.tables[i];
    for (const auto& batch : map_arrow_file(spilled_table(i), *table_schema(layout_, table))) {
      int place = 0;
      for (const int64_t f : table.fields) {
        const Field& field = layout_.info.schema.fields[f];
        const arrow::Array& column = *batch->column(place);
        place += field.weights.empty() ? 1 : 2;
        const auto* list =
            field.kind == FieldKind::multi ? &static_cast<const arrow::ListArray&>(column) : nullptr;
        const int32_t* ids =
            static_cast<const arrow::Int32Array&>(list != nullptr ? *list->values() : column).raw_values();
        for (int64_t r = 0; r < batch->num_rows() && first + r < static_cast<int64_t>(joins_[i].size());
             ++r) {
          const int64_t joins = joins_[i][first + r];
          if (joins == 0) continue;
          const int64_t begin = list != nullptr ? list->value_offset(r) : r;
          const int64_t end = list != nullptr ? list->value_offset(r + 1) : r + 1;
          for (int64_t at = begin; at < end; ++at) ids_.count(ids[at], joins);
        }
      }
      first += batch->num_rows();
    }
  }
}

void DatasetWriter::write_vocabulary(const KeyIds::Known& known) {
  const fs::path file = folder_ / "vocabulary.arrow";
  const auto size = static_cast<int64_t>(known.keys.size());
  layout_.info.table_rows = size + layout_.info.schema.size();
  if (layout_.info.table_rows > std::numeric_limits<int32_t>::max()) {
    throw Error({.what = "vocabulary is too large",
                 .expected = "fewer than 2^31 rows",
                 .hint = "raise data.vocabulary.min_frequency or set mode: hashed"});
  }
  ArrowFileWriter writer(file, vocabulary_schema());
  for (int64_t begin = 0; begin < size; begin += kVocabularyBatch) {
    const int64_t rows = std::min(kVocabularyBatch, size - begin);
    writer.write(*arrow::RecordBatch::Make(
        vocabulary_schema(), rows,
        {int64_slice(known.keys, begin, rows), int64_slice(known.counts, begin, rows)}));
  }
  writer.close();
}

std::vector<DatasetWriter::Task> DatasetWriter::plan_files() {
  std::vector<Task> tasks;
  for (size_t i = 0; i < stored_.size(); ++i) {
    const TableLayout& table = layout_.tables[i];
    tasks.push_back({folder_ / table.file, map_arrow_file(spilled_table(i), *table_schema(layout_, table)),
                     &table.fields, 0});
  }
  const SplitColumnPlaces places(layout_);
  for (int split = 0; split < static_cast<int>(splits_.size()); ++split) {
    if (splits_[static_cast<size_t>(split)] == nullptr) continue;
    const std::string name = kSplitNames[static_cast<size_t>(split)];
    std::vector<std::string>& shards = layout_.shards[name];
    fs::create_directories(folder_ / name);
    int64_t rows = kShardRows;
    for (auto& batch : map_arrow_file(spilled_split(split), *split_schema(layout_))) {
      if (rows >= kShardRows) {
        shards.push_back(fmt::format("{}/{:05}.arrow", name, shards.size()));
        tasks.push_back({folder_ / shards.back(), {}, &layout_.fields, places.fields});
        rows = 0;
      }
      rows += batch->num_rows();
      tasks.back().batches.push_back(std::move(batch));
    }
  }
  return tasks;
}

void DatasetWriter::write_file(const Task& task) const {
  ArrowFileWriter writer(task.file, task.batches.front()->schema());
  const auto rows_of = [this](int64_t field, const int32_t* ids, int64_t size, int32_t* rows) {
    ids_.rows_of(field, ids, size, rows);
  };
  for (const auto& batch : task.batches) {
    writer.write(*map_ids(*batch, layout_.info.schema, *task.fields, task.first_field, rows_of));
  }
  writer.close();
}

}  // namespace esmm::data
