#include "esmm/data/prepare/encoded_rows.h"

#include <algorithm>

namespace esmm::data {
namespace {

template <class T>
void keep_values(std::vector<T>& values, const std::vector<uint8_t>& keep) {
  if (values.empty()) return;
  size_t kept = 0;
  for (size_t r = 0; r < keep.size(); ++r) {
    if (keep[r] != 0) values[kept++] = values[r];
  }
  values.resize(kept);
}

// Calls each(column) for every vector with one value per row.
template <class Each>
void for_each_column(ImpressionRows& rows, const Each& each) {
  each(rows.line);
  each(rows.split);
  each(rows.click);
  each(rows.conversion);
  each(rows.id);
  each(rows.group);
  each(rows.p_ctr);
  each(rows.p_cvr);
  each(rows.click_weight);
  each(rows.conversion_weight);
  each(rows.without_click);
  each(rows.text);
  for (auto& places : rows.table_rows) each(places);
  for (auto& numbers : rows.numbers) each(numbers);
}

}  // namespace

void ImpressionRows::clear(size_t tables, size_t asked) {
  table_rows.resize(tables);
  numbers.resize(asked);
  for_each_column(*this, [](auto& column) { column.clear(); });
  keys.clear();
  rejected.clear();
  storage = {};
  left_out = 0;
}

void ImpressionRows::keep(const std::vector<uint8_t>& keep, size_t fields) {
  keep_rows(keys, keep, fields);
  for_each_column(*this, [&](auto& column) { keep_values(column, keep); });
}

void keep_rows(KeyBags& keys, const std::vector<uint8_t>& keep, size_t fields) {
  KeyBags kept;
  for (size_t bag = 0; bag < keep.size() * fields; ++bag) {
    if (keep[bag / fields] == 0) continue;
    for (int64_t i = keys.offsets[bag]; i < keys.offsets[bag + 1]; ++i)
      kept.push(keys.ids[i], keys.weights.empty() ? 1.0f : keys.weights[i]);
    kept.close_bag();
  }
  keys = std::move(kept);
}

void sort_by_line(std::vector<RejectedLine>& rejected) {
  std::stable_sort(rejected.begin(), rejected.end(),
                   [](const RejectedLine& a, const RejectedLine& b) { return a.line < b.line; });
}

}  // namespace esmm::data
