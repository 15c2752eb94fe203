#include "esmm/report/slices.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "esmm/report/slice_names.h"

namespace esmm::report {
namespace {

constexpr int64_t kBatch = 4096;

// A field's value in each row of a split, as long as they are few.
struct ValuesOfField {
  int64_t field;
  std::vector<int32_t> table_rows;                // the distinct values
  std::unordered_map<int32_t, uint8_t> place_of;  // in table_rows
  std::vector<uint8_t> places;                    // per impression

  // False: one value too many, or none or several in one row.
  bool add(const RowBags& bags, int64_t bag) {
    const auto begin = static_cast<size_t>(bags.offsets[static_cast<size_t>(bag)]);
    if (bags.offsets[static_cast<size_t>(bag) + 1] != bags.offsets[static_cast<size_t>(bag)] + 1)
      return false;
    const int32_t row = bags.ids[begin];
    const auto [found, is_new] = place_of.try_emplace(row, static_cast<uint8_t>(table_rows.size()));
    if (is_new) table_rows.push_back(row);
    places.push_back(found->second);
    return static_cast<int64_t>(table_rows.size()) <= kMostValues;
  }
};

std::vector<ValuesOfField> few_valued_fields(const data::Split& split, const Schema& schema) {
  std::vector<ValuesOfField> fields;
  for (int64_t field = 0; field < schema.size(); ++field) {
    if (schema.fields[static_cast<size_t>(field)].kind != FieldKind::multi)
      fields.push_back({field, {}, {}, {}});
  }
  Batch batch;
  std::vector<int64_t> impressions;
  for (int64_t begin = 0; begin < split.size() && !fields.empty(); begin += kBatch) {
    impressions.resize(static_cast<size_t>(std::min(kBatch, split.size() - begin)));
    std::iota(impressions.begin(), impressions.end(), begin);
    split.gather(impressions, batch);
    std::erase_if(fields, [&](ValuesOfField& field) {
      for (int64_t row = 0; row < batch.size; ++row) {
        if (!field.add(batch.bags, row * schema.size() + field.field)) return true;
      }
      return false;
    });
  }
  std::erase_if(fields, [](const ValuesOfField& field) { return field.table_rows.size() < 2; });
  if (fields.size() > kMostFields) fields.erase(fields.begin() + kMostFields, fields.end());
  return fields;
}

// The predictions and labels of some rows.
struct Rows {
  std::vector<float> p_ctr, p_ctcvr, click, both, p_cvr_clicked, converted;

  void add(const metrics::Scored& scored, size_t row) {
    if (!scored.p_ctr.empty()) p_ctr.push_back(scored.p_ctr[row]);
    if (!scored.p_ctcvr.empty()) p_ctcvr.push_back(scored.p_ctcvr[row]);
    click.push_back(scored.click[row]);
    both.push_back(scored.click[row] * scored.conversion[row]);
    if (scored.click[row] != 1.0F) return;
    if (!scored.p_cvr.empty()) p_cvr_clicked.push_back(scored.p_cvr[row]);
    converted.push_back(scored.conversion[row]);
  }
};

metrics::Auc auc_of(const std::vector<float>& predicted, const std::vector<float>& labels) {
  if (predicted.empty() && !labels.empty()) {
    const metrics::Value none = metrics::undefined("the model does not predict it");
    return {none, none, none};
  }
  return metrics::auc(std::span<const float>(predicted), std::span<const float>(labels));
}

int64_t sum(const std::vector<float>& labels) { return std::count(labels.begin(), labels.end(), 1.0F); }

Slice slice_of(const std::string& name, const std::vector<uint32_t>& members, const metrics::Scored& scored) {
  Rows rows;
  for (const uint32_t row : members) rows.add(scored, row);
  return {.name = name,
          .rows = static_cast<int64_t>(members.size()),
          .clicks = sum(rows.click),
          .conversions = sum(rows.both),
          .ctr = auc_of(rows.p_ctr, rows.click),
          .cvr = auc_of(rows.p_cvr_clicked, rows.converted),
          .ctcvr = auc_of(rows.p_ctcvr, rows.both)};
}

}  // namespace

std::vector<FieldSlices> report_slices(const data::Split& split, const Schema& schema,
                                       std::span<const int64_t> vocabulary, const metrics::Scored& scored) {
  std::vector<FieldSlices> report;
  for (const ValuesOfField& values : few_valued_fields(split, schema)) {
    std::vector<std::vector<uint32_t>> members(values.table_rows.size());
    for (size_t row = 0; row < values.places.size(); ++row)
      members[values.places[row]].push_back(static_cast<uint32_t>(row));
    std::vector<size_t> order(members.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order,
                             [&](size_t a, size_t b) { return members[a].size() > members[b].size(); });
    order.resize(std::min(order.size(), kMostSlices));
    const auto names = slice_names(values.table_rows, schema, values.field, vocabulary);
    FieldSlices& field =
        report.emplace_back(FieldSlices{.field = schema.fields[static_cast<size_t>(values.field)].name,
                                        .values = static_cast<int64_t>(members.size())});
    for (const size_t value : order) field.slices.push_back(slice_of(names[value], members[value], scored));
  }
  return report;
}

}  // namespace esmm::report
