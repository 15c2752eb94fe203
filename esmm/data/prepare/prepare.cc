#include "esmm/data/prepare/prepare.h"

#include <unistd.h>

#include <utility>

#include <fmt/format.h>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/log.h"
#include "esmm/data/prepare/dataset_writer.h"
#include "esmm/data/prepare/ordered_work.h"
#include "esmm/data/prepare/quantiles.h"
#include "esmm/data/prepare/read_progress.h"
#include "esmm/data/prepare/unmatched.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {
namespace fs = std::filesystem;
namespace {

// Refuses a folder that holds anything but a data set.
void require_replaceable(const fs::path& out) {
  if (!fs::exists(out) || fs::exists(out / "dataset.json")) return;
  if (fs::is_directory(out) && fs::is_empty(out)) return;
  throw ConfigError({.what = "is no data set and not empty",
                     .where = out.string(),
                     .hint = "name another folder for the data set"});
}

// A folder beside the data set that takes its place, or goes away.
class NewFolder {
 public:
  explicit NewFolder(const fs::path& target)
      : target_(fs::absolute(target / "").parent_path()),
        path_(fmt::format("{}.tmp{}", target_.string(), ::getpid())) {
    make();
  }
  ~NewFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  const fs::path& path() const { return path_; }
  fs::path kept_rejected() const { return target_.string() + ".rejected.csv"; }

  void replace_target() {
    const fs::path old = fmt::format("{}.old{}", target_.string(), ::getpid());
    std::error_code ignored;
    try {
      if (fs::exists(target_)) fs::rename(target_, old);
      fs::rename(path_, target_);
    } catch (const fs::filesystem_error& error) {
      if (!fs::exists(target_)) fs::rename(old, target_, ignored);
      throw_unwritable(error);
    }
    fs::remove_all(old, ignored);
    fs::remove(kept_rejected(), ignored);
  }

 private:
  void make() {
    try {
      fs::remove_all(path_);
      fs::create_directories(path_);
    } catch (const fs::filesystem_error& error) {
      throw_unwritable(error);
    }
  }
  [[noreturn]] void throw_unwritable(const fs::filesystem_error& error) const {
    throw cannot_be_written(target_, error.code().message());
  }

  fs::path target_, path_;
};

constexpr int64_t kMaxHashBits = 30;  // table rows are 31 bits wide

void require_hash_bits(const VocabularyConfig& vocabulary) {
  if (vocabulary.mode != VocabularyMode::hashed || vocabulary.hash_bits <= kMaxHashBits) return;
  throw ConfigError({.what = "too many rows",
                     .where = "data.vocabulary.hash_bits",
                     .expected = fmt::format("at most {}", kMaxHashBits),
                     .got = fmt::format("{}", vocabulary.hash_bits)});
}

// Keeps rejected.csv where too many lines were rejected: it says what to mend.
void keep_where_many_rejected(const DataConfig& config, const std::vector<SourceLines>& sources,
                              const NewFolder& folder) {
  try {
    require_few_rejected(sources, config.max_rejected, folder.kept_rejected(), "data.max_rejected",
                         "mend the lines or the config");
  } catch (const Error&) {
    std::error_code ignored;
    fs::rename(folder.path() / "rejected.csv", folder.kept_rejected(), ignored);
    throw;
  }
}

void require_both_classes(const SplitConfig& config, const std::map<std::string, SplitCounts>& splits,
                          const ScanCounts& scanned) {
  std::vector<Problem> problems;
  for (const char* split : {"train", "test"}) {
    if (splits.contains(split)) continue;
    problems.push_back(
        {.what = fmt::format("split {} is empty", split),
         .where = "data.split",
         .got = config.by == SplitBy::column ? fmt::format("{} lines read, column {} from {}", scanned.lines,
                                                           config.column, scanned.split_values.text())
                                             : fmt::format("{} lines read", scanned.lines),
         .hint = scanned.lines > 0 ? "check the bounds of data.split against the data"
                                   : "the sources of impressions hold no line below their headers"});
  }
  if (const auto train = splits.find("train"); train != splits.end()) {
    const SplitCounts& counts = train->second;
    const auto refuse = [&](const char* what, const char* key) {
      problems.push_back({.what = what,
                          .where = std::string("data.labels.") + key,
                          .got = fmt::format("{} impressions, {} clicks, {} conversions", counts.impressions,
                                             counts.clicks, counts.conversions),
                          .hint = "check the label's column and data.split"});
    };
    if (counts.clicks == 0) refuse("no training impression was clicked", "click");
    if (counts.clicks == counts.impressions) refuse("every training impression was clicked", "click");
    if (counts.clicks > 0 && counts.conversions == 0)
      refuse("no training impression was converted", "conversion");
  }
  if (!problems.empty()) throw Error(std::move(problems));
}

// Where a label's column is right, few convert what they did not click.
void warn_of_swapped_labels(const LabelsConfig& labels, const std::map<std::string, SplitCounts>& splits,
                            int64_t without_click) {
  int64_t conversions = without_click;
  for (const auto& [name, counts] : splits) conversions += counts.conversions;
  if (without_click == 0 || 2 * without_click < conversions) return;
  log::warn(
      "{} of {} conversions are without a click and count as none: are data.labels.click ({}) and "
      "data.labels.conversion ({}) swapped?",
      without_click, conversions, labels.click, labels.conversion);
}

}  // namespace

PrepareReport prepare(const Config& config, const fs::path& out, const PrepareOptions& options) {
  const DataConfig& data = config.data;
  const size_t threads = threads_for(options.threads);
  require_replaceable(out);
  require_hash_bits(data.vocabulary);
  check_sources(config);
  Schema schema{.fields = data.fields, .mode = data.vocabulary.mode, .hash_bits = data.vocabulary.hash_bits};
  const RawPlan plan = plan_columns(data, schema.fields, true);
  int64_t bytes = 0;
  for (const SourceConfig& source : data.sources) bytes += bytes_of(source);
  if (fs::exists(out / "dataset.json"))
    log::info("{} holds a data set already, which is replaced once this one is whole", out.string());
  NewFolder folder(out);
  fit_quantiles(data, plan, folder.path(), options, threads, bytes, schema);
  Rejected rejected(folder.path() / "rejected.csv");
  ReadProgress progress("prepare", bytes, options);
  RawScan scan(data, plan, schema, rejected, {.threads = threads, .progress = &progress});
  DatasetWriter writer(data, plan, schema, dump_config(config), folder.path(), threads);
  scan.read_tables([&](size_t table) { return writer.table_sink(table); });
  scan.read_impressions(writer.impression_sink());
  progress.finish();
  rejected.close();
  const ScanCounts& counts = scan.counts();
  keep_where_many_rejected(data, counts.sources, folder);
  warn_of_swapped_labels(data.labels, writer.splits(), counts.conversions_without_click);
  require_both_classes(data.split, writer.splits(), counts);

  const DatasetLayout& layout = writer.finish(data.vocabulary.min_frequency, rejected.counts(), options);
  folder.replace_target();
  warn_of_unmatched(data.joins, counts.unmatched, layout.info.splits.at("train").impressions,
                    "training impressions");
  return {.splits = layout.info.splits,
          .lines_read = counts.lines,
          .left_out = counts.left_out,
          .conversions_without_click = counts.conversions_without_click,
          .rejected = layout.rejected,
          .sources = counts.sources,
          .table_rows = layout.info.table_rows,
          .unmatched = counts.unmatched};
}

}  // namespace esmm::data
