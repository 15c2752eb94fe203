#include "apps/bench/prepare_bench.h"

#include <arrow/csv/api.h>
#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <arrow/util/thread_pool.h>

#include <unistd.h>

#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include "esmm/config/config.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/generate/generate.h"
#include "esmm/data/prepare/ordered_work.h"
#include "esmm/data/prepare/prepare.h"
#include "esmm/data/raw/csv_reader.h"
#include "esmm/data/raw/text_input.h"

namespace esmm::bench {

namespace {

namespace fs = std::filesystem;

// As configs/aliccp.yaml.
constexpr const char* kConfig = R"(
data:
  path: data
  sources:
    - {name: train, format: ali_ccp, split: train, paths: sample_skeleton_train.csv, common: common_features_train.csv}
    - {name: test, format: ali_ccp, split: test, paths: sample_skeleton_test.csv, common: common_features_test.csv}
  labels: {click: click, conversion: conversion, conversion_requires_click: true}
  split: {by: source}
  group_by: common_index
  vocabulary: {min_frequency: 10}
  fields:
    - {names: ["101", "121", "122", "124", "125", "126", "127", "128", "129"], side: user}
    - {name: "109_14", kind: multi, weights: "109_14__weights", side: user}
    - {name: "110_14", kind: multi, weights: "110_14__weights", side: user}
    - {name: "127_14", kind: multi, weights: "127_14__weights", side: user}
    - {name: "150_14", kind: multi, weights: "150_14__weights", side: user}
    - {names: ["205", "206", "207", "216"], side: item}
    - {name: "210", kind: multi, side: item}
    - {name: "508", kind: multi, weights: "508__weights", pooling: sum}
    - {name: "509", kind: multi, weights: "509__weights", pooling: sum}
    - {name: "702", kind: multi, weights: "702__weights", pooling: sum}
    - {name: "853", kind: multi, weights: "853__weights", pooling: sum}
    - {name: "301"}
model: {method: esmm}
train: {run: run}
)";

// A folder of its own that goes away.
class WorkFolder {
 public:
  explicit WorkFolder(const fs::path& parent)
      : path_((parent.empty() ? fs::temp_directory_path() : parent) /
              ("esmm-bench-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~WorkFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

int64_t count_lines(const std::vector<fs::path>& files) {
  int64_t lines = 0;
  for (const fs::path& file : files) {
    const auto window = data::open_text(file)->next({});
    const char* at = window.text.data();
    const char* const end = at + window.text.size();
    for (; (at = static_cast<const char*>(std::memchr(at, '\n', static_cast<size_t>(end - at)))) != nullptr;
         ++at)
      ++lines;
  }
  return lines;
}

std::vector<Row> bench_ali_ccp(const PrepareBench& options, const fs::path& folder) {
  // Ten impressions a user and forty an item, about as many as Ali-CCP's own logs have.
  data::generate({.impressions = options.impressions,
                  .users = std::max<int64_t>(options.impressions / 10, 2),
                  .items = std::max<int64_t>(options.impressions / 40, 2)},
                 folder, false);
  fs::remove(folder / "truth.csv");
  std::vector<fs::path> files;
  int64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    files.push_back(entry.path());
    bytes += static_cast<int64_t>(entry.file_size());
  }
  const Config config = parse_config(kConfig, "bench.yaml", folder);
  int64_t lines = 0;
  const auto prepare = [&] { data::prepare(config, folder / "data", {.threads = options.threads}); };
  const std::vector<System> systems = {
      {.name = "esmm::data::prepare", .run = prepare},
      {.name = "memchr for line ends", .role = Role::limit, .run = [&] { lines = count_lines(files); }}};
  std::vector<Row> rows = race("prepare_ali_ccp", bytes, options.rounds, systems);
  if (lines <= options.impressions) throw InternalError("lines found: " + std::to_string(lines));
  Row& of_rows = rows.emplace_back(rows.front());
  const double share = static_cast<double>(options.impressions) / static_cast<double>(bytes);
  of_rows.name = "prepare_ali_ccp_rows";
  for (double* speed : {&of_rows.samples_per_second, &of_rows.min, &of_rows.max}) *speed *= share;
  return rows;
}

// Writes `source` again and again, its header once.
void repeat_csv(const fs::path& source, int64_t bytes, const fs::path& target) {
  std::string text = read_file(source);
  if (!text.ends_with('\n')) text += '\n';
  const size_t header = text.find('\n') + 1;
  std::ofstream out(target, std::ios::binary);
  out << text;
  for (auto written = static_cast<int64_t>(text.size()); written < bytes;
       written += static_cast<int64_t>(text.size() - header))
    out.write(text.data() + header, static_cast<std::streamsize>(text.size() - header));
  if (!out.flush())
    throw Error({.what = "cannot be written", .where = target.string(), .hint = "check the free space"});
}

int64_t read_csv(const fs::path& file, const std::vector<std::string>& columns, size_t threads) {
  const auto reader = data::open_csv(file, ",", columns);
  std::vector<data::RawChunk> chunks(threads);
  int64_t rows = 0;
  data::OrderedWork(2).run(threads, [&](data::OrderedWork::Item& item) {
    data::RawTask task;
    bool more = false;
    item.in_order(0, [&] { more = reader->next(task); });
    if (!more) return false;
    data::RawChunk& chunk = chunks[item.thread()];
    task(chunk);
    item.in_order(1, [&] { rows += chunk.rows; });
    return true;
  });
  return rows;
}

template <class T>
T value_of(arrow::Result<T> result) {
  if (!result.ok()) throw Error({.what = "Arrow's CSV reader failed", .got = result.status().message()});
  return std::move(result).ValueUnsafe();
}

// Arrow's reader over a mapped file, every column as text, batch after batch.
int64_t read_csv_with_arrow(const fs::path& file, const std::vector<std::string>& columns) {
  auto convert = arrow::csv::ConvertOptions::Defaults();
  for (const std::string& column : columns) convert.column_types[column] = arrow::utf8();
  auto read = arrow::csv::ReadOptions::Defaults();
  const auto input = value_of(arrow::io::MemoryMappedFile::Open(file.string(), arrow::io::FileMode::READ));
  const auto reader = value_of(arrow::csv::TableReader::Make(arrow::io::default_io_context(), input, read,
                                                             arrow::csv::ParseOptions::Defaults(), convert));
  return value_of(reader->Read())->num_rows();
}

std::vector<Row> bench_csv(const PrepareBench& options, const fs::path& folder) {
  const fs::path file = folder / "log.csv";
  repeat_csv(options.csv, options.csv_bytes, file);
  const std::vector<std::string> columns = data::csv_columns(file, ",");
  const size_t threads = data::threads_for(options.threads);
  if (!arrow::SetCpuThreadPoolCapacity(static_cast<int>(threads)).ok())
    throw InternalError("no threads for Arrow");
  int64_t ours = 0, stock = 0, lines = 0;
  const std::vector<System> systems = {
      {.name = "esmm::data::open_csv", .run = [&] { ours = read_csv(file, columns, threads); }},
      {.name = "arrow::csv::TableReader",
       .role = Role::stock,
       .run = [&] { stock = read_csv_with_arrow(file, columns); }},
      {.name = "memchr for line ends", .role = Role::limit, .run = [&] { lines = count_lines({file}); }}};
  std::vector<Row> rows =
      race("csv_read", static_cast<int64_t>(fs::file_size(file)), options.rounds, systems);
  if (ours != stock || lines < ours)
    throw InternalError("rows read: " + std::to_string(ours) + ", by Arrow " + std::to_string(stock) +
                        ", line ends " + std::to_string(lines));
  return rows;
}

}  // namespace

std::vector<Row> bench_prepare(const PrepareBench& options) {
  std::vector<Row> rows;
  {
    const WorkFolder folder(options.folder);
    rows = bench_ali_ccp(options, folder.path());
  }
  if (options.csv.empty()) return rows;
  const WorkFolder folder(options.folder);
  const std::vector<Row> csv = bench_csv(options, folder.path());
  rows.insert(rows.end(), csv.begin(), csv.end());
  return rows;
}

}  // namespace esmm::bench
