#include "esmm/data/column_plan.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"
#include "esmm/data/column_names.h"
#include "esmm/data/raw_reader.h"

namespace esmm::data {
namespace {

constexpr std::array<std::string_view, 4> kSkeletonColumns{"sample_id", "click", "conversion",
                                                           "common_index"};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A column somewhere: place -1 is the impressions, others are tables.
struct Found {
  int64_t place = -1;
  ColumnRef column;
};

class Planner {
 public:
  Planner(const DataConfig& config, const std::vector<Field>& fields, bool labels)
      : config_(config), fields_(fields), labels_(labels) {
    for (const SourceConfig& source : config.sources) add_source(source);
    if (plan_.sources.empty())
      problems_.push_back({.what = "no source holds impressions", .where = "data.sources"});
    stop_on_problems();  // without all files, missing columns say little
    if (ali_ccp()) add_common_features();
  }

  RawPlan plan() {
    for (size_t t = 0; t < plan_.tables.size(); ++t) place_keys(static_cast<int64_t>(t));
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
    if (!problems_.empty() && !wrong_delimiters_.empty())
      problems_ = wrong_delimiters_;  // the rest follows from it
    if (!problems_.empty()) problems_.insert(problems_.begin(), suspects_.begin(), suspects_.end());
    stop_on_problems();
    require_columns_of_all_files();
    for (TablePlan& table : plan_.tables)
      table.used = labels_ || table.common || !table.fields.empty() || !table.kept.empty();
    return std::move(plan_);
  }

 private:
  bool ali_ccp() const { return plan_.sources.front().format == SourceFormat::ali_ccp; }

  void stop_on_problems() {
    if (!problems_.empty()) throw ConfigError(std::move(problems_));
  }

  void add_source(const SourceConfig& source) {
    const auto join =
        std::find_if(config_.joins.begin(), config_.joins.end(),
                     [&](const JoinConfig& candidate) { return candidate.source == source.name; });
    std::vector<std::string> columns;
    try {
      columns = source_columns(source);
      if (auto wrong = wrong_delimiter(source, columns)) {
        if (!labels_) wrong->hint = "part them so: a model reads files that are like those of its training";
        wrong_delimiters_.push_back(*wrong);
      }
    } catch (const ConfigError& error) {
      if (!labels_ && join != config_.joins.end()) {
        add_unreadable(source);
        return;
      }
      problems_.insert(problems_.end(), error.problems().begin(), error.problems().end());
    }
    if (join == config_.joins.end()) {
      if (plan_.sources.empty()) impression_columns_ = std::move(columns);
      plan_.sources.push_back(source);
      if ((source.format == SourceFormat::ali_ccp) != ali_ccp()) {
        problems_.push_back({.what = "sources of impressions differ in their format",
                             .where = "data.sources." + source.name,
                             .hint = "format ali_ccp does not mix with others"});
      }
      return;
    }
    TablePlan table;
    table.name = source.name;
    table.sources = {source};
    table.required = join->required;
    plan_.tables.push_back(std::move(table));
    table_columns_.push_back(std::move(columns));
    joins_.push_back(*join);
  }

  // Of a joined source that was not given, when scoring. Perhaps nothing of it is wanted.
  void add_unreadable(const SourceConfig& source) {
    suspects_.push_back(
        {.what = fmt::format("source {} is not given, and is not where it was at the training", source.name),
         .where = source.paths.front().string(),
         .hint = fmt::format("add --source {}=FILE", source.name)});
  }

  void add_common_features() {
    TablePlan table;
    table.name = "common";
    table.sources = plan_.sources;
    table.common = table.required = true;
    plan_.tables.push_back(std::move(table));
    table_columns_.emplace_back();
    joins_.push_back({.source = "common", .key = "common_index", .right_key = {}, .required = true});
  }

  // Columns were found in each source's first file, of impressions in the first source.
  void require_columns_of_all_files() {
    const auto open = [&](const SourceConfig& source, const PlacePlan& place) {
      try {
        open_source(source, place.raw);
      } catch (const ConfigError& error) {
        problems_.insert(problems_.end(), error.problems().begin(), error.problems().end());
      }
    };
    for (const SourceConfig& source : plan_.sources) open(source, plan_.impressions);
    for (const TablePlan& table : plan_.tables) {
      if (!table.common) open(table.sources.front(), table);
    }
    stop_on_problems();
  }

  PlacePlan& place(int64_t place) { return place < 0 ? plan_.impressions : plan_.tables[place]; }

  ColumnRef raw(int64_t at, const std::string& name) {
    std::vector<std::string>& columns = place(at).raw;
    const auto found = std::find(columns.begin(), columns.end(), name);
    const auto index = static_cast<size_t>(found - columns.begin());
    if (found == columns.end()) columns.push_back(name);
    return {.derived = false, .index = index};
  }

  ColumnRef derived(int64_t at, const DerivedConfig& config, ColumnRef input) {
    std::vector<DerivedColumn>& columns = place(at).derived;
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const DerivedColumn& column) {
      return column.config.name == config.name;
    });
    const auto index = static_cast<size_t>(found - columns.begin());
    if (found == columns.end()) columns.push_back({config, input});
    return {.derived = true, .index = index};
  }

  bool in_impressions(const std::string& name) const {
    if (!ali_ccp()) return has(impression_columns_, name);
    return std::find(kSkeletonColumns.begin(), kSkeletonColumns.end(), name) != kSkeletonColumns.end();
  }

  // Ali-CCP's logs have any feature: where `feature`, a name that nothing else knows is one, common or of the
  // skeleton.
  std::optional<Found> find(const std::string& name, const std::string& where, bool common, bool feature,
                            size_t depth = 0) {
    for (const DerivedConfig& config : config_.derived) {
      if (config.name != name || in_impressions(name)) continue;
      if (depth > config_.derived.size()) {
        problems_.push_back(
            {.what = fmt::format("column \"{}\" is derived from itself", name), .where = where});
        return std::nullopt;
      }
      const auto input = find(config.column, "data.derived." + name, common, feature, depth + 1);
      if (!input) return std::nullopt;
      return Found{input->place, derived(input->place, config, input->column)};
    }
    if (in_impressions(name)) return Found{-1, raw(-1, name)};
    std::vector<int64_t> tables;
    for (size_t t = 0; t < table_columns_.size(); ++t) {
      if (has(table_columns_[t], name)) tables.push_back(static_cast<int64_t>(t));
    }
    if (tables.size() > 1) {
      problems_.push_back(
          {.what = fmt::format("column \"{}\" is in two joined sources", name),
           .where = where,
           .got = fmt::format("{} and {}", joins_[tables[0]].source, joins_[tables[1]].source),
           .hint = "rename it in one of the files"});
      return std::nullopt;
    }
    if (!tables.empty()) return Found{tables[0], raw(tables[0], name)};
    if (ali_ccp() && feature) {
      const int64_t at = common ? static_cast<int64_t>(plan_.tables.size()) - 1 : -1;
      return Found{at, raw(at, name)};
    }
    problems_.push_back({.what = fmt::format("no source has a column \"{}\"", name),
                         .where = where,
                         .hint = did_you_mean(name, all_columns())});
    return std::nullopt;
  }

  std::vector<std::string> all_columns() const {
    std::vector<std::string> names = impression_columns_;
    if (ali_ccp()) names.insert(names.end(), kSkeletonColumns.begin(), kSkeletonColumns.end());
    for (const auto& columns : table_columns_) names.insert(names.end(), columns.begin(), columns.end());
    for (const DerivedConfig& config : config_.derived) names.push_back(config.name);
    return names;
  }

  void place_keys(int64_t t) {
    const JoinConfig& join = joins_[t];
    const std::string where = "data.joins." + join.source;
    const std::string& right_key = join.right_key.empty() ? join.key : join.right_key;
    const auto key = find(join.key, where + ".key", false, false);
    if (key && key->place >= 0) {
      problems_.push_back({.what = fmt::format("column \"{}\" is none of the impressions", join.key),
                           .where = where + ".key",
                           .hint = "a key must be a column of the impressions"});
    }
    if (!key && join.right_key.empty()) return;  // a wrong name, told once
    if (!plan_.tables[t].common && !has(table_columns_[t], right_key)) {
      problems_.push_back({.what = fmt::format("source {} has no column \"{}\"", join.source, right_key),
                           .where = where + (join.right_key.empty() ? ".key" : ".right_key"),
                           .hint = did_you_mean(right_key, table_columns_[t])});
      return;
    }
    if (key) plan_.tables[t].key = key->column;
    plan_.tables[t].right_key = raw(t, right_key);
  }

  ValueRef kept(const Found& found, KeptColumn::Kind kind, int64_t field = 0) {
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
    const auto found = find(name, where, user, field != fields_.end());
    if (!found) return std::nullopt;
    return kept(*found, kind);
  }

  std::optional<Found> field_column(int64_t f) {
    const Field& field = fields_[f];
    return find(field.raw_column(), "data.fields." + field.name, field.side == Side::user, true);
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
      const auto weights = find(field.weights, where, field.side == Side::user, true);
      if (weights) placed.weights = weights->column;
      if (weights && column && weights->place != column->place) {
        problems_.push_back({.what = "weights are in another source than the values",
                             .where = where,
                             .hint = "put both columns in one file"});
      }
    }
    if (column) place(column->place).fields.push_back(placed);
  }

  void require_lists(const Field& field, int64_t at) {
    const std::vector<SourceConfig>& sources = at < 0 ? plan_.sources : plan_.tables[at].sources;
    if (std::none_of(sources.begin(), sources.end(), has_csv)) return;
    problems_.push_back(
        {.what = "missing",
         .where = "data.fields." + field.name + ".separator",
         .expected = fmt::format("what parts the values of column {}, which is CSV", field.raw_column()),
         .hint = "only a Parquet column can be a list"});
  }

  void place_cross(int64_t f) {
    std::array<std::optional<Found>, 2> found;
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
    place(together ? found[0]->place : -1).fields.push_back(placed);
  }

  const DataConfig& config_;
  const std::vector<Field>& fields_;
  bool labels_;
  RawPlan plan_;
  std::vector<std::string> impression_columns_;
  std::vector<std::vector<std::string>> table_columns_;  // per table
  std::vector<JoinConfig> joins_;                        // per table
  std::vector<Problem> problems_;
  std::vector<Problem> suspects_;          // of sources, told first where a column is missed
  std::vector<Problem> wrong_delimiters_;  // told alone there
};

}  // namespace

RawPlan plan_columns(const DataConfig& config, const std::vector<Field>& fields, bool labels) {
  return Planner(config, fields, labels).plan();
}

}  // namespace esmm::data
