#include "esmm/data/prepare/raw_scan.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "esmm/core/file.h"
#include "esmm/data/prepare/ordered_work.h"
#include "esmm/data/raw/raw_reader.h"
#include "esmm/features/field_encoder.h"

namespace esmm::data {
namespace {

// What a thread keeps from chunk to chunk.
struct Worker {
  ImpressionEncoder encoder;
  RawChunk chunk = {};
  ImpressionRows rows = {};
};

}  // namespace

RawScan::RawScan(const DataConfig& config, const RawPlan& plan, const Schema& schema, Rejected& rejected,
                 Options options)
    : config_(config), plan_(plan), schema_(schema), rejected_(rejected), options_(std::move(options)) {}

void RawScan::read_tables(const std::function<TableSink(size_t table)>& sink) {
  for (size_t t = 0; t < plan_.tables.size(); ++t) {
    std::unique_ptr<JoinedTable>& table = tables_.emplace_back();
    if (!plan_.tables[t].used) continue;
    table = std::make_unique<JoinedTable>(plan_.tables[t], schema_);
    table->read(rejected_, sink(t), options_.threads, options_.progress);
    counts_.sources.insert(counts_.sources.end(), table->lines().begin(), table->lines().end());
  }
}

void RawScan::read_impressions(const ImpressionSink& sink) {
  for (size_t i = 0; i < plan_.sources.size(); ++i) read_source(plan_.sources[i], i, sink);
}

void RawScan::read_source(const SourceConfig& source, size_t place, const ImpressionSink& sink) {
  enum Section : size_t { kTake, kNumber, kHandOver, kSections };
  SourceLines& lines =
      counts_.sources.emplace_back(SourceLines{.source = source.name, .files = in_words(source.paths)});
  const auto reader = open_source(source, plan_.impressions.raw);
  std::vector<std::unique_ptr<Worker>> workers;
  for (size_t t = 0; t < options_.threads; ++t) {
    workers.push_back(
        std::make_unique<Worker>(Worker{.encoder = {config_, plan_, schema_, tables_, options_.numbers}}));
  }
  const auto hand_over = [&](const RawChunk& chunk, ImpressionRows& rows, size_t thread) {
    if (plan_.id && plan_.click) drop_repeated_ids(rows);
    sort_by_line(rows.rejected);
    for (const RejectedLine& line : rows.rejected) {
      rejected_.add(rows.file, line);
      lines.add_rejected(line);
    }
    lines.read += static_cast<int64_t>(rows.size()) + rows.left_out;
    count_unmatched(rows);
    counts_.left_out += rows.left_out;
    counts_.conversions_without_click +=
        std::accumulate(rows.without_click.begin(), rows.without_click.end(), int64_t{0});
    if (options_.progress != nullptr) options_.progress->add(chunk.file_bytes);
    sink.in_order(rows, thread);
  };
  OrderedWork(kSections).run(options_.threads, [&](OrderedWork::Item& item) {
    auto& [encoder, chunk, rows] = *workers[item.thread()];
    RawTask task;
    item.in_order(kTake, [&] { task = reader->next(task) ? std::move(task) : nullptr; });
    if (!task) return false;
    task(chunk);
    int64_t first = 0;
    item.in_order(kNumber, [&] { first = std::exchange(rows_seen_, rows_seen_ + chunk.rows); });
    encoder.encode(chunk, place, first, rows);
    item.in_order(kHandOver, [&] { hand_over(chunk, rows, item.thread()); });
    if (sink.at_once) sink.at_once(rows, item.thread());
    return true;
  });
  for (const auto& worker : workers) counts_.split_values.add(worker->encoder.split_values());
  counts_.lines += lines.read;
}

// The first good impression of an id stays.
void RawScan::drop_repeated_ids(ImpressionRows& rows) {
  std::vector<uint8_t> keep(rows.size(), 1);
  for (size_t r = 0; r < rows.size(); ++r) {
    if (ids_.insert(static_cast<uint64_t>(feature_key(rows.id[r], 0))).second) continue;
    keep[r] = 0;
    rows.rejected.push_back(
        {rows.line[r], "duplicate id", fmt::format("got '{}'", rows.id[r]), rows.text[r]});
  }
  if (std::find(keep.begin(), keep.end(), 0) != keep.end()) rows.keep(keep, plan_.impressions.fields.size());
}

void RawScan::count_unmatched(const ImpressionRows& rows) {
  for (size_t t = 0; t < tables_.size(); ++t) {
    if (tables_[t] == nullptr || plan_.tables[t].required) continue;
    int64_t& count = counts_.unmatched[plan_.tables[t].name];
    for (size_t r = 0; r < rows.size(); ++r)
      count += rows.split[r] == kTrain && rows.table_rows[t][r] == tables_[t]->missing_row();
  }
}

}  // namespace esmm::data
