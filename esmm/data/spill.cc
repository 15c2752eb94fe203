#include "esmm/data/spill.h"

#include <utility>

#include <arrow/array.h>

namespace esmm::data {
namespace {

template <class ArrayType, class T>
std::shared_ptr<arrow::Array> take(std::vector<T>& values) {
  const auto size = static_cast<int64_t>(values.size());
  return std::make_shared<ArrayType>(size, buffer_of(std::exchange(values, {})));
}

}  // namespace

TableSpill::TableSpill(const DatasetLayout& layout, const TableLayout& table,
                       const std::filesystem::path& file)
    : schema_(table_schema(layout, table)), bags_(layout.info.schema, table.fields), writer_(file, schema_) {}

void TableSpill::add(const KeyBags& keys, KeyIds& ids) {
  bags_.append(keys, [&](int64_t key) { return ids.id_of(key); });
  if (bags_.full()) flush();
}

void TableSpill::flush() {
  const int64_t rows = bags_.rows();
  arrow::ArrayVector arrays;
  bags_.finish(arrays);
  writer_.write(*arrow::RecordBatch::Make(schema_, rows, std::move(arrays)));
}

void TableSpill::close() {
  if (bags_.rows() > 0) flush();
  writer_.close();
}

SplitSpill::SplitSpill(const DatasetLayout& layout, std::vector<size_t> tables,
                       const std::filesystem::path& file)
    : layout_(layout),
      tables_(std::move(tables)),
      schema_(split_schema(layout)),
      bags_(layout.info.schema, layout.fields),
      writer_(file, schema_),
      table_rows_(tables_.size()) {}

void SplitSpill::add(const Impression& impression, int32_t file, bool counts, KeyIds& ids) {
  ++counts_.impressions;
  counts_.clicks += impression.click;
  counts_.conversions += impression.conversion;
  click_.push_back(impression.click);
  conversion_.push_back(impression.conversion);
  file_.push_back(file);
  line_.push_back(impression.line);
  if (!layout_.info.id.empty()) {
    id_bytes_ += impression.id;
    id_ends_.push_back(static_cast<int32_t>(id_bytes_.size()));
  }
  if (!layout_.info.group_by.empty()) group_.push_back(impression.group);
  if (layout_.info.has_truth) {
    p_ctr_.push_back(impression.p_ctr);
    p_cvr_.push_back(impression.p_cvr);
  }
  if (layout_.info.has_click_weight) click_weight_.push_back(impression.click_weight);
  if (layout_.info.has_conversion_weight) conversion_weight_.push_back(impression.conversion_weight);
  for (size_t t = 0; t < tables_.size(); ++t)
    table_rows_[t].push_back(static_cast<int32_t>(impression.table_rows[tables_[t]]));
  bags_.append(impression.keys, [&](int64_t key) {
    const int32_t id = ids.id_of(key);
    if (counts) ids.count(id);
    return id;
  });
  if (bags_.full() || id_bytes_.size() >= size_t{1} << 30) flush();
}

void SplitSpill::flush() {
  const int64_t rows = bags_.rows();
  arrow::ArrayVector arrays{take<arrow::UInt8Array>(click_), take<arrow::UInt8Array>(conversion_),
                            take<arrow::Int32Array>(file_), take<arrow::Int64Array>(line_)};
  if (!layout_.info.id.empty()) {
    arrays.push_back(
        std::make_shared<arrow::StringArray>(rows, buffer_of(std::exchange(id_ends_, {0})),
                                             arrow::Buffer::FromString(std::exchange(id_bytes_, {}))));
  }
  if (!layout_.info.group_by.empty()) arrays.push_back(take<arrow::Int64Array>(group_));
  if (layout_.info.has_truth) {
    arrays.push_back(take<arrow::DoubleArray>(p_ctr_));
    arrays.push_back(take<arrow::DoubleArray>(p_cvr_));
  }
  if (layout_.info.has_click_weight) arrays.push_back(take<arrow::FloatArray>(click_weight_));
  if (layout_.info.has_conversion_weight) arrays.push_back(take<arrow::FloatArray>(conversion_weight_));
  for (std::vector<int32_t>& table_rows : table_rows_) arrays.push_back(take<arrow::Int32Array>(table_rows));
  bags_.finish(arrays);
  writer_.write(*arrow::RecordBatch::Make(schema_, rows, std::move(arrays)));
}

void SplitSpill::close() {
  if (bags_.rows() > 0) flush();
  writer_.close();
}

}  // namespace esmm::data
