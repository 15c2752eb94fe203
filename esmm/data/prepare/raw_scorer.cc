#include "esmm/data/prepare/raw_scorer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/log.h"
#include "esmm/core/nearest.h"
#include "esmm/data/prepare/column_plan.h"
#include "esmm/data/prepare/raw_scan.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kChunkRows = 8192;
constexpr std::string_view kCommon = ".common";

using Files = std::map<std::string, fs::path>;

// Tells joined sources from those of impressions.
auto joined_in(const DataConfig& config) {
  return [&joins = config.joins](const SourceConfig& source) {
    return std::any_of(joins.begin(), joins.end(),
                       [&](const JoinConfig& join) { return join.source == source.name; });
  };
}

// A table that has every column itself, in CSV parted as the impressions were. A field's column may be called
// as the field.
DataConfig joined_table_config(DataConfig config, std::vector<Field>& fields, const fs::path& file) {
  SourceConfig source;
  source.name = "input";
  source.paths = {file};
  source.delimiter =
      std::find_if_not(config.sources.begin(), config.sources.end(), joined_in(config))->delimiter;
  config.sources = {source};
  config.joins.clear();
  const std::vector<std::string> columns = source_header(source).columns;
  const auto has = [&](const std::string& name) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
  };
  for (Field& field : fields) {
    const bool derived = std::any_of(
        config.derived.begin(), config.derived.end(),
        [&](const DerivedConfig& column) { return column.name == field.raw_column() && has(column.column); });
    if (!has(field.raw_column()) && !derived && has(field.name)) field.column.clear();
    if (!field.weights.empty() && !has(field.weights) && has(field.name + "__weights"))
      field.weights = field.name + "__weights";
  }
  if (!has(config.id)) config.id.clear();
  return config;
}

void require_files(const Files& files) {
  std::vector<Problem> problems;
  for (const auto& [name, file] : files) {
    if (fs::exists(file) || !glob(file).empty()) continue;
    problems.push_back({.what = name.empty() ? "no such file" : fmt::format("source {}: no such file", name),
                        .where = file.string(),
                        .hint = "check the path"});
  }
  if (!problems.empty()) throw ConfigError(std::move(problems));
}

// The sources with the given files. Sources of impressions that are not given are left out; joined ones are
// read where they were at the training.
DataConfig given_config(DataConfig config, const Files& files) {
  std::vector<std::string> names;
  for (const SourceConfig& source : config.sources) {
    names.push_back(source.name);
    if (source.format == SourceFormat::ali_ccp) names.push_back(source.name + std::string(kCommon));
  }
  for (const auto& [name, file] : files) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw ConfigError({.what = fmt::format("the model has no source \"{}\"", name),
                       .expected = fmt::format("{}", fmt::join(names, ", ")),
                       .hint = did_you_mean(name, names)});
  }
  require_files(files);
  const auto is_given = [&](const SourceConfig& source) { return files.contains(source.name); };
  const auto is_joined = joined_in(config);
  std::vector<std::string> impressions;
  for (const SourceConfig& source : config.sources) {
    if (!is_joined(source)) impressions.push_back(source.name);
  }
  std::erase_if(config.sources,
                [&](const SourceConfig& source) { return !is_joined(source) && !is_given(source); });
  if (std::all_of(config.sources.begin(), config.sources.end(), is_joined)) {
    throw ConfigError({.what = "no source of impressions is given",
                       .expected = fmt::format("{}", fmt::join(impressions, " or ")),
                       .hint = fmt::format("add --source {}=FILE", impressions.front())});
  }
  for (SourceConfig& source : config.sources) {
    if (const auto found = files.find(source.name); found != files.end()) source.paths = {found->second};
    if (const auto found = files.find(source.name + std::string(kCommon)); found != files.end())
      source.common = {found->second};
  }
  return config;
}

// As plan_columns. What is missed in one joined table may be in the model's sources.
RawPlan plan_one_table(const DataConfig& table, const std::vector<Field>& fields, const DataConfig& config) {
  try {
    return plan_columns(table, fields, false);
  } catch (const ConfigError& error) {
    std::vector<Problem> problems = error.problems();
    std::string& hint = problems.back().hint;
    std::vector<std::string> names;
    for (const SourceConfig& source : config.sources)
      names.push_back(fmt::format("--source {}=FILE", source.name));
    hint += fmt::format(
        "{}a file without a name is one table with a column per field; logs as they were at the "
        "training are given as {}",
        hint.empty() ? "" : "; ", fmt::join(names, " "));
    throw ConfigError(std::move(problems));
  }
}

// What is read though it was not given.
void log_training_files(const RawPlan& plan, const Files& files) {
  const auto tell = [&](const std::string& name, const std::vector<fs::path>& paths) {
    if (files.contains(name)) return;
    log::info("source {} is not given: reading it where it was at the training, {}", name, in_words(paths));
  };
  for (const TablePlan& table : plan.tables) {
    if (!table.used) continue;
    for (const SourceConfig& source : table.sources) {
      if (table.common) {
        tell(source.name + std::string(kCommon), source.common);
      } else {
        tell(source.name, source.paths);
      }
    }
  }
}

// Whole impressions from the keys made at the impression and those of its joined rows.
class Assembler {
 public:
  Assembler(const RawPlan& plan, const Schema& schema, bool with_ids,
            const std::function<void(const KeyedChunk&)>& consume)
      : homes_(static_cast<size_t>(schema.size())), tables_(plan.tables.size()), consume_(consume) {
    chunk_.has_ids = with_ids;
    place(plan.impressions, -1);
    for (size_t t = 0; t < plan.tables.size(); ++t) {
      place(plan.tables[t], static_cast<int64_t>(t));
      fields_.push_back(static_cast<int64_t>(plan.tables[t].fields.size()));
    }
  }

  void add_table_rows(size_t t, const KeyBags& keys) { append_all(keys, 0, keys.bags(), tables_[t]); }

  void add(const ImpressionRows& rows) {
    const int64_t width = rows.keys.bags() / std::max<int64_t>(1, static_cast<int64_t>(rows.size()));
    for (size_t r = 0; r < rows.size(); ++r) {
      if (chunk_.rows == kChunkRows || (chunk_.rows > 0 && chunk_.file != rows.file)) flush();
      if (chunk_.rows == 0) chunk_.file = rows.file;
      for (const Home& home : homes_) {
        if (home.table < 0) {
          const int64_t bag = static_cast<int64_t>(r) * width + home.bag;
          append_all(rows.keys, bag, bag + 1, chunk_.keys);
        } else {
          const int64_t bag = rows.table_rows[home.table][r] * fields_[home.table] + home.bag;
          append_all(tables_[home.table], bag, bag + 1, chunk_.keys);
        }
      }
      chunk_.lines.push_back(rows.line[r]);
      if (chunk_.has_ids) chunk_.ids.emplace_back(rows.id[r]);
      ++chunk_.rows;
    }
  }

  // Hands over what there is, or, at the very end, a chunk of no rows where there was none.
  void finish() {
    if (chunk_.rows > 0 || !consumed_) flush();
  }

 private:
  struct Home {
    int64_t table = -1, bag = 0;
  };

  void flush() {
    consume_(chunk_);
    consumed_ = true;
    chunk_.rows = 0;
    chunk_.keys.clear();
    chunk_.lines.clear();
    chunk_.ids.clear();
  }

  void place(const PlacePlan& plan, int64_t table) {
    for (size_t i = 0; i < plan.fields.size(); ++i)
      homes_[plan.fields[i].field] = {table, static_cast<int64_t>(i)};
  }

  static void append_all(const KeyBags& from, int64_t begin, int64_t end, KeyBags& to) {
    for (int64_t bag = begin; bag < end; ++bag) {
      for (int64_t i = from.offsets[bag]; i < from.offsets[bag + 1]; ++i)
        to.push(from.ids[i], from.weights.empty() ? 1.0f : from.weights[i]);
      to.close_bag();
    }
  }

  std::vector<Home> homes_;      // per field
  std::vector<KeyBags> tables_;  // per table: rows x its fields
  std::vector<int64_t> fields_;  // per table
  bool consumed_ = false;        // a chunk
  const std::function<void(const KeyedChunk&)>& consume_;
  KeyedChunk chunk_;
};

}  // namespace

ScanCounts encode_raw(const DataConfig& config, const Schema& schema, const Files& files, Rejected& rejected,
                      const std::function<void(const KeyedChunk&)>& consume) {
  std::vector<Field> fields = schema.fields;
  const bool one_table = files.size() == 1 && files.begin()->first.empty();
  const DataConfig given =
      one_table ? joined_table_config(config, fields, files.begin()->second) : given_config(config, files);
  const RawPlan plan = one_table ? plan_one_table(given, fields, config) : plan_columns(given, fields, false);
  log_training_files(plan, files);
  RawScan scan(given, plan, schema, rejected, {});  // one thread: what consumes wants the caller's
  Assembler assembler(plan, schema, plan.id.has_value(), consume);
  scan.read_tables([&](size_t t) {
    return TableSink{
        .in_order = [&assembler, t](const KeyBags& keys, size_t) { assembler.add_table_rows(t, keys); }};
  });
  scan.read_impressions({.in_order = [&](const ImpressionRows& rows, size_t) { assembler.add(rows); }});
  assembler.finish();
  return scan.counts();
}

}  // namespace esmm::data
