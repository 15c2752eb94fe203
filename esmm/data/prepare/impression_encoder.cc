#include "esmm/data/prepare/impression_encoder.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include <fmt/format.h>

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

ImpressionEncoder::ImpressionEncoder(const DataConfig& config, const RawPlan& plan, const Schema& schema,
                                     const JoinedTables& tables, const std::vector<ColumnRef>& numbers)
    : config_(config),
      plan_(plan),
      tables_(tables),
      numbers_(numbers),
      split_rule_(config.split, plan.sources),
      encoder_(plan.impressions, schema),
      row_(plan.impressions),
      table_rows_(plan.tables.size()) {}

void ImpressionEncoder::encode(RawChunk& chunk, size_t source, int64_t first, ImpressionRows& out) {
  out.clear(plan_.tables.size(), numbers_.size());
  out.file = chunk.file;
  out_ = &out;
  source_ = source;
  for (int64_t r = 0; r < chunk.rows; ++r) {
    const size_t bags = out.keys.offsets.size(), ids = out.keys.ids.size();
    if (encode_row(chunk, r, first + r)) {
      if (split_ == kLeftOut) {
        ++out.left_out;
      } else {
        add_row(chunk, r);
      }
      continue;
    }
    out.keys.rewind(bags, ids);
    out.rejected.push_back(
        {chunk.lines[r], std::move(rejection_.reason), std::move(rejection_.detail), chunk.text[r]});
  }
  std::move(chunk.rejected.begin(), chunk.rejected.end(), std::back_inserter(out.rejected));
}

bool ImpressionEncoder::encode_row(const RawChunk& chunk, int64_t r, int64_t number) {
  if (!row_.move_to(chunk, r, rejection_) || !join() || !read_split(number)) return false;
  if (split_ == kLeftOut) return true;
  const auto joined = [this](const ValueRef& value) { return text(value); };
  if (!read_labels() || !encoder_.append(row_, joined, out_->keys, rejection_)) return false;
  if (plan_.p_ctr && !(read_truth(*plan_.p_ctr, config_.truth.p_ctr, p_ctr_) &&
                       read_truth(*plan_.p_cvr, config_.truth.p_cvr, p_cvr_))) {
    return false;
  }
  const LabelsConfig& labels = config_.labels;
  return read_weight(plan_.click_weight, labels.click_weight, click_weight_) &&
         read_weight(plan_.conversion_weight, labels.conversion_weight, conversion_weight_);
}

void ImpressionEncoder::add_row(const RawChunk& chunk, int64_t r) {
  ImpressionRows& out = *out_;
  const bool without_click = conversion_ && !click_;
  out.line.push_back(chunk.lines[r]);
  out.text.push_back(chunk.text[r]);
  out.split.push_back(static_cast<int8_t>(split_));
  out.click.push_back(click_);
  out.conversion.push_back(conversion_ && click_);
  out.without_click.push_back(without_click);
  if (plan_.id) {
    const bool passing = plan_.id->table < 0 && plan_.id->column.derived;  // made anew for the next row
    out.id.push_back(passing ? out.storage.copy(text(*plan_.id)) : text(*plan_.id));
  }
  if (plan_.group) out.group.push_back(feature_key(text(*plan_.group), 0));
  if (plan_.p_ctr) {
    out.p_ctr.push_back(p_ctr_);
    out.p_cvr.push_back(p_cvr_);
  }
  if (plan_.click_weight) out.click_weight.push_back(click_weight_);
  if (plan_.conversion_weight) out.conversion_weight.push_back(conversion_weight_);
  for (size_t t = 0; t < tables_.size(); ++t) {
    if (tables_[t] != nullptr) out.table_rows[t].push_back(static_cast<int32_t>(table_rows_[t]));
  }
  for (size_t i = 0; i < numbers_.size(); ++i)
    out.numbers[i].push_back(read_number({.table = -1, .column = numbers_[i]}));
}

bool ImpressionEncoder::join() {
  for (size_t t = 0; t < plan_.tables.size(); ++t) {
    if (tables_[t] == nullptr) continue;
    const TablePlan& plan = plan_.tables[t];
    const std::string_view key = row_.text(plan.key);
    table_rows_[t] = tables_[t]->find(key, source_);
    if (!plan.required || table_rows_[t] != tables_[t]->missing_row()) continue;
    return reject(rejection_,
                  plan.common ? "unknown common index" : fmt::format("no row in {} for key", plan.name),
                  fmt::format("got '{}'", key));
  }
  return true;
}

bool ImpressionEncoder::read_split(int64_t number) {
  if (!plan_.click) return true;  // scoring
  if (!plan_.split) {
    split_ = split_rule_.of_row(number, source_);
    return true;
  }
  const std::string_view found = text(*plan_.split);
  if (found == last_split_text_) return true;  // logs mostly come in its order
  const SplitOrder& order = split_rule_.order();
  const std::optional<SplitValue> value = order.value(found);
  if (!value) {
    std::string reason = fmt::format("bad {} in column {}", order.noun(), config_.split.column);
    if (const std::string advice = order.advice(found); !advice.empty())
      reason += fmt::format(" ({})", advice);
    return reject(rejection_, std::move(reason), fmt::format("expected {}, got '{}'", order.form(), found));
  }
  split_ = split_rule_.of_value(*value);
  split_values_.add(value->number, found);
  last_split_text_ = found;
  return true;
}

bool ImpressionEncoder::read_labels() {
  if (!plan_.click) return true;
  if (!read_label(*plan_.click, config_.labels.click, click_) ||
      !read_label(*plan_.conversion, config_.labels.conversion, conversion_)) {
    return false;
  }
  if (!conversion_ || click_ || config_.labels.conversion_requires_click) return true;
  return reject(rejection_, "conversion without a click", {});
}

bool ImpressionEncoder::read_label(const ValueRef& value, const std::string& column, bool& label) {
  const std::string_view found = text(value);
  if (found.empty())
    return reject(rejection_, fmt::format("empty label in column {} (a no is written 0)", column), {});
  return parse_label(found, label) || reject(rejection_, fmt::format("label not 0 or 1 in column {}", column),
                                             fmt::format("got '{}'", found));
}

bool ImpressionEncoder::read_truth(const ValueRef& value, const std::string& column, double& p) {
  p = read_number(value);
  return (p >= 0 && p <= 1) ||
         reject(rejection_, fmt::format("probability not in [0, 1] in column {}", column),
                shown_number(value));
}

bool ImpressionEncoder::read_weight(const std::optional<ValueRef>& value, const std::string& column,
                                    float& weight) {
  if (!value) return true;
  const double number = read_number(*value);
  weight = static_cast<float>(number);
  return (number >= 0 && std::isfinite(weight)) ||
         reject(rejection_, fmt::format("weight not a finite number >= 0 in column {}", column),
                shown_number(*value));
}

double ImpressionEncoder::read_number(const ValueRef& value) const {
  if (value.table >= 0) return tables_[value.table]->number(value.kept, table_rows_[value.table]);
  double number = 0;
  return parse_number(row_.text(value.column), number) ? number : std::numeric_limits<double>::quiet_NaN();
}

std::string ImpressionEncoder::shown_number(const ValueRef& value) const {
  return value.table >= 0 ? fmt::format("got {}", read_number(value))
                          : fmt::format("got '{}'", row_.text(value.column));
}

std::string_view ImpressionEncoder::text(const ValueRef& value) const {
  if (value.table < 0) return row_.text(value.column);
  return tables_[value.table]->text(value.kept, table_rows_[value.table]);
}

}  // namespace esmm::data
