#include "esmm/data/raw_scorer.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"
#include "esmm/data/column_plan.h"
#include "esmm/data/raw_reader.h"
#include "esmm/data/raw_scan.h"

namespace esmm::data {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kChunkRows = 8192;
constexpr std::string_view kCommon = ".common";

using Files = std::map<std::string, fs::path>;

// A table that has every column itself. A field's column may be called as the field.
DataConfig joined_table_config(DataConfig config, std::vector<Field>& fields, const fs::path& file) {
  SourceConfig source;
  source.name = "input";
  source.paths = {file};
  config.sources = {source};
  config.joins.clear();
  const std::vector<std::string> columns = source_columns(source);
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

// The sources with the given files. Sources of impressions that are not given are left out, where one is.
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
  const auto is_given = [&](const SourceConfig& source) { return files.contains(source.name); };
  const auto is_joined = [&](const SourceConfig& source) {
    return std::any_of(config.joins.begin(), config.joins.end(),
                       [&](const JoinConfig& join) { return join.source == source.name; });
  };
  const bool impressions_given =
      std::any_of(config.sources.begin(), config.sources.end(),
                  [&](const SourceConfig& source) { return !is_joined(source) && is_given(source); });
  std::erase_if(config.sources, [&](const SourceConfig& source) {
    return impressions_given && !is_joined(source) && !is_given(source);
  });
  for (SourceConfig& source : config.sources) {
    if (const auto found = files.find(source.name); found != files.end()) source.paths = {found->second};
    if (const auto found = files.find(source.name + std::string(kCommon)); found != files.end())
      source.common = {found->second};
  }
  return config;
}

// Whole impressions from the keys made at the impression and those of its joined rows.
class Assembler {
 public:
  Assembler(const RawPlan& plan, const Schema& schema, bool with_ids,
            const std::function<void(const KeyedChunk&)>& consume)
      : homes_(static_cast<size_t>(schema.size())),
        tables_(plan.tables.size()),
        with_ids_(with_ids),
        consume_(consume) {
    place(plan.impressions, -1);
    for (size_t t = 0; t < plan.tables.size(); ++t) {
      place(plan.tables[t], static_cast<int64_t>(t));
      fields_.push_back(static_cast<int64_t>(plan.tables[t].fields.size()));
    }
  }

  void add_table_row(size_t t, const KeyBags& keys) { append_all(keys, 0, keys.bags(), tables_[t]); }

  void add(const Impression& impression) {
    if (chunk_.rows == kChunkRows || (chunk_.rows > 0 && chunk_.file != *impression.file)) flush();
    if (chunk_.rows == 0) chunk_.file = *impression.file;
    for (const Home& home : homes_) {
      if (home.table < 0) {
        append_all(impression.keys, home.bag, home.bag + 1, chunk_.keys);
      } else {
        const int64_t bag = impression.table_rows[home.table] * fields_[home.table] + home.bag;
        append_all(tables_[home.table], bag, bag + 1, chunk_.keys);
      }
    }
    chunk_.lines.push_back(impression.line);
    if (with_ids_) chunk_.ids.emplace_back(impression.id);
    ++chunk_.rows;
  }

  void flush() {
    if (chunk_.rows > 0) consume_(chunk_);
    chunk_.rows = 0;
    chunk_.keys.clear();
    chunk_.lines.clear();
    chunk_.ids.clear();
  }

 private:
  struct Home {
    int64_t table = -1, bag = 0;
  };

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
  bool with_ids_;
  const std::function<void(const KeyedChunk&)>& consume_;
  KeyedChunk chunk_;
};

}  // namespace

void encode_raw(const DataConfig& config, const Schema& schema, const Files& files, Rejected& rejected,
                const std::function<void(const KeyedChunk&)>& consume) {
  std::vector<Field> fields = schema.fields;
  const bool one_table = files.size() == 1 && files.begin()->first.empty();
  const DataConfig given =
      one_table ? joined_table_config(config, fields, files.begin()->second) : given_config(config, files);
  const RawPlan plan = plan_columns(given, fields, false);
  RawScan scan(given, plan, schema, rejected);
  Assembler assembler(plan, schema, plan.id.has_value(), consume);
  scan.read_tables([&](size_t t, const KeyBags& keys) { assembler.add_table_row(t, keys); });
  scan.read_impressions([&](const Impression& impression) { assembler.add(impression); });
  assembler.flush();
}

}  // namespace esmm::data
