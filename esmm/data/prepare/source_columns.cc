#include "esmm/data/prepare/source_columns.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/nearest.h"
#include "esmm/data/raw/column_names.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {
namespace {

constexpr std::array<std::string_view, 4> kSkeletonColumns{"sample_id", "click", "conversion",
                                                           "common_index"};

}  // namespace

SourceColumns::SourceColumns(const DataConfig& config, bool labels, RawPlan& plan)
    : config_(config), labels_(labels), plan_(plan) {
  for (const SourceConfig& source : config.sources) add_source(source);
  if (plan_.sources.empty()) add_problem({.what = "no source holds impressions", .where = "data.sources"});
  stop_on_problems();  // without all files, missing columns say little
  if (ali_ccp()) add_common_features();
}

void SourceColumns::finish() {
  for (size_t t = 0; t < plan_.tables.size(); ++t) {
    TablePlan& table = plan_.tables[t];
    table.used = labels_ || table.common || !table.fields.empty() || !table.kept.empty();
    if (table.used) place_keys(t);
  }
  if (!problems_.empty()) problems_.insert(problems_.begin(), absent_.begin(), absent_.end());
  stop_on_problems();
  require_columns_of_all_files();
}

void SourceColumns::add_missing(const std::string& name, Problem problem, const std::string& source) {
  for (auto& [suspect, wrong, told] : suspects_) {
    if (!has(wrong.columns, name) || (!source.empty() && suspect != source)) continue;
    if (!std::exchange(told, true)) problems_.insert(problems_.begin(), wrong.problem);
    return;
  }
  problems_.push_back(std::move(problem));
}

void SourceColumns::stop_on_problems() {
  if (!problems_.empty()) throw ConfigError(std::move(problems_));
}

void SourceColumns::add_source(const SourceConfig& source) {
  const auto join =
      std::find_if(config_.joins.begin(), config_.joins.end(),
                   [&](const JoinConfig& candidate) { return candidate.source == source.name; });
  std::vector<std::string> columns;
  try {
    auto [names, wrong] = source_header(source);
    columns = std::move(names);
    if (wrong && !labels_)
      wrong->problem.hint = "part them so: a model reads files that are like those of its training";
    if (wrong) suspects_.push_back({source.name, std::move(*wrong)});
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
void SourceColumns::add_unreadable(const SourceConfig& source) {
  absent_.push_back(
      {.what = fmt::format("source {} is not given, and is not where it was at the training", source.name),
       .where = source.paths.front().string(),
       .hint = fmt::format("add --source {}=FILE", source.name)});
}

void SourceColumns::add_common_features() {
  TablePlan table;
  table.name = "common";
  table.sources = plan_.sources;
  table.common = table.required = true;
  plan_.tables.push_back(std::move(table));
  table_columns_.emplace_back();
  joins_.push_back({.source = "common", .key = "common_index", .right_key = {}, .required = true});
}

void SourceColumns::place_keys(size_t t) {
  const JoinConfig& join = joins_[t];
  const std::string where = "data.joins." + join.source;
  const std::string& right_key = join.right_key.empty() ? join.key : join.right_key;
  const auto key = find(join.key, where + ".key", false, false);
  if (key && key->place >= 0) {
    problems_.push_back({.what = fmt::format("column \"{}\" is in source {}, not in the impressions",
                                             join.key, joins_[key->place].source),
                         .where = where + ".key",
                         .hint = "key names the impressions' column, right_key the source's"});
  }
  if (!key && join.right_key.empty()) return;  // a wrong name, told once
  if (!plan_.tables[t].common && !has(table_columns_[t], right_key)) {
    add_missing(right_key,
                {.what = fmt::format("source {} has no column \"{}\"", join.source, right_key),
                 .where = where + (join.right_key.empty() ? ".key" : ".right_key"),
                 .hint = did_you_mean(right_key, table_columns_[t])},
                join.source);
    return;
  }
  if (key) plan_.tables[t].key = key->column;
  plan_.tables[t].right_key = raw(static_cast<int64_t>(t), right_key);
}

bool SourceColumns::in_impressions(const std::string& name) const {
  if (!ali_ccp()) return has(impression_columns_, name);
  return std::find(kSkeletonColumns.begin(), kSkeletonColumns.end(), name) != kSkeletonColumns.end();
}

std::optional<FoundColumn> SourceColumns::find(const std::string& name, const std::string& where, bool common,
                                               bool feature, size_t depth) {
  for (const DerivedConfig& config : config_.derived) {
    if (config.name != name || in_impressions(name)) continue;
    if (depth > config_.derived.size()) {
      problems_.push_back(
          {.what = fmt::format("column \"{}\" is derived from itself", name), .where = where});
      return std::nullopt;
    }
    const auto input = find(config.column, "data.derived." + name, common, feature, depth + 1);
    if (!input) return std::nullopt;
    return FoundColumn{input->place, derived(input->place, config, input->column)};
  }
  if (in_impressions(name)) return FoundColumn{-1, raw(-1, name)};
  std::vector<int64_t> tables;
  for (size_t t = 0; t < table_columns_.size(); ++t) {
    if (has(table_columns_[t], name)) tables.push_back(static_cast<int64_t>(t));
  }
  if (tables.size() > 1) {
    problems_.push_back({.what = fmt::format("column \"{}\" is in two joined sources", name),
                         .where = where,
                         .got = fmt::format("{} and {}", joins_[tables[0]].source, joins_[tables[1]].source),
                         .hint = "rename it in one of the files"});
    return std::nullopt;
  }
  if (!tables.empty()) return FoundColumn{tables[0], raw(tables[0], name)};
  if (ali_ccp() && feature) {
    const int64_t at = common ? static_cast<int64_t>(plan_.tables.size()) - 1 : -1;
    return FoundColumn{at, raw(at, name)};
  }
  add_missing(name, {.what = fmt::format("no source has a column \"{}\"", name),
                     .where = where,
                     .hint = did_you_mean(name, all_columns())});
  return std::nullopt;
}

ColumnRef SourceColumns::raw(int64_t at, const std::string& name) {
  std::vector<std::string>& columns = plan_.place(at).raw;
  const auto found = std::find(columns.begin(), columns.end(), name);
  const auto index = static_cast<size_t>(found - columns.begin());
  if (found == columns.end()) columns.push_back(name);
  return {.derived = false, .index = index};
}

ColumnRef SourceColumns::derived(int64_t at, const DerivedConfig& config, ColumnRef input) {
  std::vector<DerivedColumn>& columns = plan_.place(at).derived;
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const DerivedColumn& column) {
    return column.config.name == config.name;
  });
  const auto index = static_cast<size_t>(found - columns.begin());
  if (found == columns.end()) columns.push_back({config, input});
  return {.derived = true, .index = index};
}

std::vector<std::string> SourceColumns::all_columns() const {
  std::vector<std::string> names = impression_columns_;
  if (ali_ccp()) names.insert(names.end(), kSkeletonColumns.begin(), kSkeletonColumns.end());
  for (const auto& columns : table_columns_) names.insert(names.end(), columns.begin(), columns.end());
  for (const DerivedConfig& config : config_.derived) names.push_back(config.name);
  for (const auto& [source, wrong, told] : suspects_)
    names.insert(names.end(), wrong.columns.begin(), wrong.columns.end());
  return names;
}

// Columns were found in each source's first file, of impressions in the first source.
void SourceColumns::require_columns_of_all_files() {
  const auto open = [&](const SourceConfig& source, const PlacePlan& place) {
    try {
      open_source(source, place.raw);
    } catch (const ConfigError& error) {
      problems_.insert(problems_.end(), error.problems().begin(), error.problems().end());
    }
  };
  for (const SourceConfig& source : plan_.sources) open(source, plan_.impressions);
  for (const TablePlan& table : plan_.tables) {
    if (table.used && !table.common) open(table.sources.front(), table);
  }
  stop_on_problems();
}

}  // namespace esmm::data
