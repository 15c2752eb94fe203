#include "esmm/data/prepare/quantiles.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "esmm/data/prepare/number_runs.h"
#include "esmm/data/prepare/raw_scan.h"

namespace esmm::data {
namespace fs = std::filesystem;
namespace {

// Numbers: of all fields, and of one.
constexpr size_t kInMemory = size_t{1} << 24, kShortestRun = size_t{1} << 12, kLongestRun = size_t{1} << 22;

struct Fitted {
  int64_t field;
  ValueRef value;
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
    fitted.push_back({.field = placed.field, .value = value});
  };
  for (const PlacedField& placed : plan.impressions.fields) add(placed, nullptr, -1);
  for (size_t t = 0; t < plan.tables.size(); ++t) {
    for (const PlacedField& placed : plan.tables[t].fields)
      add(placed, &plan.tables[t], static_cast<int64_t>(t));
  }
  return fitted;
}

}  // namespace

void fit_quantiles(const DataConfig& config, const RawPlan& plan, const fs::path& folder,
                   const PrepareOptions& options, size_t threads, int64_t bytes, Schema& schema) {
  RawPlan wider = plan;
  std::vector<Fitted> fitted = fields_to_fit(schema, wider);
  if (fitted.empty()) return;
  const fs::path numbers_file = folder / "numbers.arrow";
  NumberRuns numbers(numbers_file, fitted.size(),
                     std::clamp(kInMemory / fitted.size(), kShortestRun, kLongestRun));
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
    std::vector<double> found;
    for (size_t f = 0; f < fitted.size(); ++f) {
      found.clear();
      const ValueRef& value = fitted[f].value;
      for (size_t r = 0; r < rows.size(); ++r) {
        if (rows.split[r] != kTrain) continue;
        const auto t = static_cast<size_t>(value.table);
        const double number = value.table < 0 ? rows.numbers[fitted[f].number][r]
                                              : scan.table(t)->number(value.kept, rows.table_rows[t][r]);
        if (!std::isnan(number)) found.push_back(number);
      }
      numbers.add(f, found);
    }
  };
  scan.read_impressions({.in_order = [](const ImpressionRows&, size_t) {}, .at_once = add});
  numbers.close();
  for (size_t f = 0; f < fitted.size(); ++f) {
    Buckets& buckets = schema.fields[fitted[f].field].buckets;
    buckets.edges = numbers.edges(f, buckets.count);
  }
  fs::remove(numbers_file);
}

}  // namespace esmm::data
