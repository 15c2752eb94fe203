#include "esmm/data/prepare/column_plan.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/data/prepare/source_columns.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {
namespace {

class Planner {
 public:
  Planner(const DataConfig& config, const std::vector<Field>& fields, bool labels)
      : config_(config), fields_(fields), labels_(labels), columns_(config, labels, plan_) {}

  RawPlan plan() {
    if (labels_) {
      plan_.click = value(config_.labels.click, "data.labels.click");
      plan_.conversion = value(config_.labels.conversion, "data.labels.conversion");
      if (config_.split.by == SplitBy::column) plan_.split = value(config_.split.column, "data.split.column");
      plan_.group = value(config_.group_by, "data.group_by");
      plan_.p_ctr = value(config_.truth.p_ctr, "data.truth.p_ctr", KeptColumn::Kind::number);
      plan_.p_cvr = value(config_.truth.p_cvr, "data.truth.p_cvr", KeptColumn::Kind::number);
      plan_.click_weight =
          value(config_.labels.click_weight, "data.labels.click_weight", KeptColumn::Kind::number);
      plan_.conversion_weight =
          value(config_.labels.conversion_weight, "data.labels.conversion_weight", KeptColumn::Kind::number);
    }
    plan_.id = value(config_.id, "data.id");
    for (size_t f = 0; f < fields_.size(); ++f) place_field(static_cast<int64_t>(f));
    columns_.finish();
    add_single_inputs(-1);
    for (size_t t = 0; t < plan_.tables.size(); ++t) {
      const TablePlan& table = plan_.tables[t];
      if (!table.used) continue;
      add_single_inputs(static_cast<int64_t>(t));
      add_single(-1, table.key);
      add_single(static_cast<int64_t>(t), table.right_key);
    }
    for (const auto& [at, column] : single_) plan_.place(at).single.push_back(column);
    return std::move(plan_);
  }

 private:
  // Who reads the column takes one value of a row.
  void add_single(int64_t at, ColumnRef column) {
    if (!column.derived) single_.emplace(at, column.index);
  }

  void add_single_inputs(int64_t at) {
    for (const DerivedColumn& derived : plan_.place(at).derived) add_single(at, derived.input);
  }

  ValueRef kept(const FoundColumn& found, KeptColumn::Kind kind, int64_t field = 0) {
    if (found.place < 0) return {.table = -1, .column = found.column};
    std::vector<KeptColumn>& columns = plan_.tables[found.place].kept;
    columns.push_back({kind, found.column, field});
    return {.table = found.place, .column = {}, .kept = columns.size() - 1};
  }

  std::optional<ValueRef> value(const std::string& name, const std::string& where,
                                KeptColumn::Kind kind = KeptColumn::Kind::text) {
    if (name.empty()) return std::nullopt;
    const auto field = std::find_if(fields_.begin(), fields_.end(),
                                    [&](const Field& other) { return other.raw_column() == name; });
    const bool user = field != fields_.end() && field->side == Side::user;
    const auto found = columns_.find(name, where, user, field != fields_.end());
    if (!found) return std::nullopt;
    add_single(found->place, found->column);
    return kept(*found, kind);
  }

  std::optional<FoundColumn> field_column(int64_t f) {
    const Field& field = fields_[f];
    return columns_.find(field.raw_column(), "data.fields." + field.name, field.side == Side::user, true);
  }

  void place_field(int64_t f) {
    if (!fields_[f].is_input()) return place_cross(f);
    const Field& field = fields_[f];
    const auto column = field_column(f);
    PlacedField placed{.field = f, .column = {}, .weights = {}, .operands = {}};
    if (column) placed.column = column->column;
    if (column && field.kind == FieldKind::multi && field.separator.empty())
      require_lists(field, column->place);
    if (!field.weights.empty()) {
      const std::string where = "data.fields." + field.name + ".weights";
      const auto weights = columns_.find(field.weights, where, field.side == Side::user, true);
      if (weights) placed.weights = weights->column;
      if (weights && column && weights->place != column->place) {
        columns_.add_problem({.what = "weights are in another source than the values",
                              .where = where,
                              .hint = "put both columns in one file"});
      }
    }
    if (!column) return;
    if (field.kind != FieldKind::multi) add_single(column->place, column->column);
    plan_.place(column->place).fields.push_back(placed);
  }

  void require_lists(const Field& field, int64_t at) {
    const std::vector<SourceConfig>& sources = at < 0 ? plan_.sources : plan_.tables[at].sources;
    const auto single = [&](const SourceConfig& source) { return is_single(source, field.raw_column()); };
    if (std::none_of(sources.begin(), sources.end(), single)) return;
    columns_.add_problem(
        {.what = "missing",
         .where = "data.fields." + field.name + ".separator",
         .expected = fmt::format("what parts the values of column {}, which is no list", field.raw_column()),
         .hint = "only a Parquet column can be a list"});
  }

  void place_cross(int64_t f) {
    std::array<std::optional<FoundColumn>, 2> found;
    PlacedField placed{.field = f, .column = {}, .weights = {}, .operands = {}};
    for (size_t i = 0; i < 2; ++i) {
      const std::vector<std::string>& cross = fields_[f].cross;
      const auto other = std::find_if(fields_.begin(), fields_.end(),
                                      [&](const Field& field) { return field.name == cross.at(i); });
      if (other == fields_.end()) throw InternalError("a crossed field names no field");
      placed.operands[i].field = other - fields_.begin();
      found[i] = field_column(placed.operands[i].field);
    }
    if (!found[0] || !found[1]) return;  // told already
    const bool together = found[0]->place == found[1]->place;
    for (size_t i = 0; i < 2; ++i) {
      Operand& operand = placed.operands[i];
      operand.value = together ? ValueRef{.table = -1, .column = found[i]->column}
                               : kept(*found[i], KeptColumn::Kind::canonical, operand.field);
    }
    plan_.place(together ? found[0]->place : -1).fields.push_back(placed);
  }

  const DataConfig& config_;
  const std::vector<Field>& fields_;
  bool labels_;
  RawPlan plan_;
  SourceColumns columns_;
  std::set<std::pair<int64_t, size_t>> single_;  // places and raw columns
};

}  // namespace

RawPlan plan_columns(const DataConfig& config, const std::vector<Field>& fields, bool labels) {
  return Planner(config, fields, labels).plan();
}

}  // namespace esmm::data
