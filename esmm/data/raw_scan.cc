#include "esmm/data/raw_scan.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "esmm/data/raw_reader.h"

namespace esmm::data {
namespace {

bool reject(Rejection& rejection, std::string reason, std::string detail) {
  rejection = {std::move(reason), std::move(detail)};
  return false;
}

bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                    [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

bool parse_label(std::string_view text, bool& label) {
  if (text == "0" || text == "1") {
    label = text == "1";
    return true;
  }
  label = text == "1.0" || is_word(text, "true");
  return label || text == "0.0" || is_word(text, "false");
}

}  // namespace

RawScan::RawScan(const DataConfig& config, const RawPlan& plan, const Schema& schema, Rejected& rejected,
                 Progress* progress)
    : config_(config),
      plan_(plan),
      schema_(schema),
      rejected_(rejected),
      progress_(progress),
      split_rule_(config.split, plan.sources),
      encoder_(plan.impressions, schema),
      row_(plan.impressions) {
  impression_.table_rows.resize(plan.tables.size());
  impression_.row = &row_;
}

void RawScan::read_tables(const std::function<void(size_t, const KeyBags&)>& sink) {
  for (size_t t = 0; t < plan_.tables.size(); ++t) {
    std::unique_ptr<JoinedTable>& table = tables_.emplace_back();
    if (!plan_.tables[t].used) continue;
    table = std::make_unique<JoinedTable>(plan_.tables[t], schema_, rejected_,
                                          [&](const KeyBags& keys) { sink(t, keys); });
    counts_.sources.insert(counts_.sources.end(), table->lines().begin(), table->lines().end());
  }
}

void RawScan::read_impressions(const std::function<void(const Impression&)>& consume) {
  for (size_t i = 0; i < plan_.sources.size(); ++i) read_source(plan_.sources[i], i, consume);
}

void RawScan::read_source(const SourceConfig& source, size_t place,
                          const std::function<void(const Impression&)>& consume) {
  const auto rejected_before = rejected_.counts();
  int64_t accepted = 0, rows = 0;
  const auto reader = open_source(source, plan_.impressions.raw, rejected_);
  RawChunk chunk;
  Rejection rejection;
  while (reader->next(chunk)) {
    rows += chunk.rows;
    if (progress_ != nullptr) progress_->update(counts_.lines + rows);
    for (int64_t r = 0; r < chunk.rows; ++r) {
      if (!read_row(chunk, r, place, rejection)) {
        rejected_.add(chunk.file, chunk.lines[r], rejection.reason, rejection.detail, chunk.text[r]);
        continue;
      }
      ++accepted;
      if (impression_.split == kLeftOut) {
        ++counts_.left_out;
      } else {
        consume(impression_);
      }
    }
  }
  SourceLines& lines = counts_.sources.emplace_back();
  lines.source = source.name;
  lines.rejected = rejected_.counts_since(rejected_before);  // by the reader as well
  lines.read = accepted + lines.rejected_total();
  counts_.lines += lines.read;
}

bool RawScan::read_row(const RawChunk& chunk, int64_t r, size_t source, Rejection& rejection) {
  const int64_t number = rows_seen_++;
  impression_.file = &chunk.file;
  impression_.line = chunk.lines[r];
  if (!row_.move_to(chunk, r, rejection) || !join(source, rejection) ||
      !read_split(number, source, rejection))
    return false;
  if (impression_.split == kLeftOut) return true;
  impression_.keys.clear();
  const auto joined = [this](const ValueRef& value) { return text(value); };
  if (!read_labels(rejection) || !encoder_.append(row_, joined, impression_.keys, rejection)) return false;
  if (plan_.p_ctr && !(read_truth(*plan_.p_ctr, config_.truth.p_ctr, impression_.p_ctr, rejection) &&
                       read_truth(*plan_.p_cvr, config_.truth.p_cvr, impression_.p_cvr, rejection))) {
    return false;
  }
  const LabelsConfig& labels = config_.labels;
  if (!read_weight(plan_.click_weight, labels.click_weight, impression_.click_weight, rejection) ||
      !read_weight(plan_.conversion_weight, labels.conversion_weight, impression_.conversion_weight,
                   rejection)) {
    return false;
  }
  if (plan_.group) impression_.group = feature_key(text(*plan_.group), 0);
  if (plan_.id && !is_new_id(rejection)) return false;
  if (impression_.conversion && !impression_.click) {
    impression_.conversion = false;
    ++counts_.conversions_without_click;
  }
  return true;
}

bool RawScan::join(size_t source, Rejection& rejection) {
  for (size_t t = 0; t < plan_.tables.size(); ++t) {
    if (tables_[t] == nullptr) continue;
    const TablePlan& plan = plan_.tables[t];
    const std::string_view key = row_.text(plan.key);
    impression_.table_rows[t] = tables_[t]->find(key, source);
    if (!plan.required || impression_.table_rows[t] != tables_[t]->missing_row()) continue;
    return reject(rejection,
                  plan.common ? "unknown common index" : fmt::format("no row in {} for key", plan.name),
                  fmt::format("got '{}'", key));
  }
  return true;
}

bool RawScan::read_split(int64_t number, size_t source, Rejection& rejection) {
  if (!plan_.click) return true;  // scoring
  const std::string_view value = plan_.split ? text(*plan_.split) : std::string_view{};
  const std::optional<int> split = split_rule_.of(value, number, source);
  if (!split)
    return reject(rejection, fmt::format("bad number in column {}", config_.split.column),
                  fmt::format("got '{}'", value));
  impression_.split = *split;
  return true;
}

bool RawScan::read_labels(Rejection& rejection) {
  if (!plan_.click) return true;
  if (!read_label(*plan_.click, config_.labels.click, impression_.click, rejection) ||
      !read_label(*plan_.conversion, config_.labels.conversion, impression_.conversion, rejection)) {
    return false;
  }
  if (!impression_.conversion || impression_.click || config_.labels.conversion_requires_click) return true;
  return reject(rejection, "conversion without a click", {});
}

bool RawScan::read_label(const ValueRef& value, const std::string& column, bool& label,
                         Rejection& rejection) const {
  const std::string_view found = text(value);
  return parse_label(found, label) || reject(rejection, fmt::format("label not 0 or 1 in column {}", column),
                                             fmt::format("got '{}'", found));
}

bool RawScan::read_truth(const ValueRef& value, const std::string& column, double& p,
                         Rejection& rejection) const {
  p = read_number(value);
  return (p >= 0 && p <= 1) ||
         reject(rejection, fmt::format("probability not in [0, 1] in column {}", column),
                shown_number(value));
}

bool RawScan::read_weight(const std::optional<ValueRef>& value, const std::string& column, float& weight,
                          Rejection& rejection) const {
  if (!value) return true;
  const double number = read_number(*value);
  weight = static_cast<float>(number);
  return (number >= 0 && std::isfinite(weight)) ||
         reject(rejection, fmt::format("weight not a finite number >= 0 in column {}", column),
                shown_number(*value));
}

double RawScan::read_number(const ValueRef& value) const {
  if (value.table >= 0) return tables_[value.table]->number(value.kept, impression_.table_rows[value.table]);
  double number = 0;
  return parse_number(row_.text(value.column), number) ? number : std::numeric_limits<double>::quiet_NaN();
}

std::string RawScan::shown_number(const ValueRef& value) const {
  return value.table >= 0 ? fmt::format("got {}", read_number(value))
                          : fmt::format("got '{}'", row_.text(value.column));
}

bool RawScan::is_new_id(Rejection& rejection) {
  impression_.id = text(*plan_.id);
  if (!plan_.click) return true;  // scoring
  return ids_.insert(static_cast<uint64_t>(feature_key(impression_.id, 0))).second ||
         reject(rejection, "duplicate id", fmt::format("got '{}'", impression_.id));
}

std::string_view RawScan::text(const ValueRef& value) const {
  if (value.table < 0) return row_.text(value.column);
  return tables_[value.table]->text(value.kept, impression_.table_rows[value.table]);
}

}  // namespace esmm::data
