#include "esmm/data/prepare/quantiles.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "esmm/data/prepare/raw_scan.h"

namespace esmm::data {
namespace {

struct Fitted {
  int64_t field;
  ValueRef value;
  NumberCounts numbers;
  size_t number = 0;  // the impressions' own columns: place among those that the scan reads
};

// Numbers of a joined table's field are kept beside its rows.
std::vector<Fitted> fields_to_fit(const Schema& schema, RawPlan& plan) {
  std::vector<Fitted> fitted;
  const auto add = [&](const PlacedField& placed, TablePlan* table, int64_t t) {
    const Field& field = schema.fields[placed.field];
    if (field.kind != FieldKind::numeric || field.buckets.method != BucketMethod::quantiles) return;
    ValueRef value{.table = t, .column = placed.column};
    if (table != nullptr) {
      value.kept = table->kept.size();
      table->kept.push_back({KeptColumn::Kind::number, placed.column, placed.field});
    }
    fitted.push_back({.field = placed.field, .value = value, .numbers = {}});
  };
  for (const PlacedField& placed : plan.impressions.fields) add(placed, nullptr, -1);
  for (size_t t = 0; t < plan.tables.size(); ++t) {
    for (const PlacedField& placed : plan.tables[t].fields)
      add(placed, &plan.tables[t], static_cast<int64_t>(t));
  }
  return fitted;
}

}  // namespace

void NumberCounts::add(double number) {
  fresh_.push_back(number == 0 ? 0.0 : number);  // -0 and 0 are one number
  if (fresh_.size() >= most_fresh_) merge();
}

void NumberCounts::merge() {
  std::sort(fresh_.begin(), fresh_.end());
  std::vector<std::pair<double, int64_t>> merged;
  merged.reserve(counts_.size() + fresh_.size());
  const auto push = [&](double number, int64_t count) {
    if (merged.empty() || merged.back().first != number) merged.emplace_back(number, 0);
    merged.back().second += count;
  };
  size_t at = 0;
  for (const double number : fresh_) {
    for (; at < counts_.size() && counts_[at].first <= number; ++at)
      push(counts_[at].first, counts_[at].second);
    push(number, 1);
  }
  for (; at < counts_.size(); ++at) push(counts_[at].first, counts_[at].second);
  counts_ = std::move(merged);
  fresh_.clear();
}

std::vector<double> NumberCounts::edges(int64_t buckets) {
  merge();
  __int128 total = 0;
  for (const auto& [number, count] : counts_) total += count;
  std::vector<double> edges;
  __int128 below_or_equal = 0;
  int64_t next = 1;
  for (const auto& [number, count] : counts_) {
    below_or_equal += count;
    bool is_edge = false;
    for (; next < buckets && next * total / buckets < below_or_equal; ++next) is_edge = true;
    if (is_edge && number != counts_.front().first) edges.push_back(number);
  }
  return edges;
}

void fit_quantiles(const DataConfig& config, const RawPlan& plan, const PrepareOptions& options,
                   size_t threads, int64_t bytes, Schema& schema) {
  RawPlan wider = plan;
  std::vector<Fitted> fitted = fields_to_fit(schema, wider);
  if (fitted.empty()) return;
  Rejected uncounted;  // the pass that encodes rejects the same lines
  ReadProgress progress("fit quantiles", bytes, options);
  RawScan::Options scan_options{.threads = threads, .progress = &progress};
  for (Fitted& field : fitted) {
    if (field.value.table >= 0) continue;
    field.number = scan_options.numbers.size();
    scan_options.numbers.push_back(field.value.column);
  }
  RawScan scan(config, wider, schema, uncounted, std::move(scan_options));
  scan.read_tables([](size_t) { return TableSink{.in_order = [](const KeyBags&, size_t) {}}; });
  const auto add = [&](const ImpressionRows& rows, size_t) {
    for (Fitted& field : fitted) {
      const int64_t t = field.value.table;
      for (size_t r = 0; r < rows.size(); ++r) {
        if (rows.split[r] != kTrain) continue;
        const double number =
            t < 0 ? rows.numbers[field.number][r]
                  : scan.table(static_cast<size_t>(t))
                        ->number(field.value.kept, rows.table_rows[static_cast<size_t>(t)][r]);
        if (!std::isnan(number)) field.numbers.add(number);
      }
    }
  };
  scan.read_impressions({.in_order = add});
  for (Fitted& field : fitted) {
    Buckets& buckets = schema.fields[field.field].buckets;
    buckets.edges = field.numbers.edges(buckets.count);
  }
}

}  // namespace esmm::data
