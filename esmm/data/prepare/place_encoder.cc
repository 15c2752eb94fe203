#include "esmm/data/prepare/place_encoder.h"

#include <cmath>

#include <fmt/format.h>

#include "esmm/features/split_values.h"

namespace esmm::data {
namespace {

bool reject(Rejection& rejection, std::string reason, std::string detail) {
  rejection = {std::move(reason), std::move(detail)};
  return false;
}

}  // namespace

PlaceEncoder::PlaceEncoder(const PlacePlan& plan, const Schema& schema) : plan_(plan) {
  for (int64_t f = 0; f < schema.size(); ++f) encoders_.emplace_back(schema, f);
}

bool PlaceEncoder::append(const RowView& row, const Joined& joined, KeyBags& out, Rejection& rejection) {
  for (const PlacedField& placed : plan_.fields) {
    const bool crossed = encoders_[placed.field].field().kind == FieldKind::crossed;
    if (!(crossed ? append_cross(placed, row, joined, out, rejection)
                  : append_input(placed, row, out, rejection)))
      return false;
  }
  return true;
}

bool PlaceEncoder::append_input(const PlacedField& placed, const RowView& row, KeyBags& out,
                                Rejection& rejection) {
  const FieldEncoder& encoder = encoders_[placed.field];
  // One text is cut at the separator, a list taken as it is.
  std::span<const std::string_view> values = row.values(placed.column);
  if (!row.is_list(placed.column) && !encoder.field().separator.empty()) {
    split_.clear();
    split_values(row.text(placed.column), encoder.field().separator, split_);
    values = split_;
  }
  if (!read_weights(placed, row, values, rejection)) return false;
  return encoder.append(values, weights_, out, why_) ||
         reject(rejection, fmt::format("bad number in column {}", row.name(placed.column)), why_);
}

bool PlaceEncoder::read_weights(const PlacedField& placed, const RowView& row,
                                std::span<const std::string_view> values, Rejection& rejection) {
  weights_.clear();
  if (!placed.weights) return true;
  const std::string& separator = encoders_[placed.field].field().separator;
  std::span<const std::string_view> texts = row.values(*placed.weights);
  if (!row.is_list(*placed.weights) && !separator.empty()) {
    split_weights_.clear();
    split_weights(row.text(*placed.weights), separator, values, split_weights_);
    texts = split_weights_;
  }
  if (texts.size() != values.size()) {
    return reject(rejection,
                  fmt::format("as many weights as values are wanted in column {}", row.name(*placed.weights)),
                  fmt::format("got {} weights, {} values", texts.size(), values.size()));
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts[i];
    double number = 0;
    if (text.empty() && values[i].empty()) {
      weights_.push_back(1);
      continue;
    }
    if (!parse_number(text, number) || !std::isfinite(static_cast<float>(number))) {
      return reject(rejection, fmt::format("bad number in column {}", row.name(*placed.weights)),
                    fmt::format("expected a weight, got '{}'", text));
    }
    weights_.push_back(static_cast<float>(number));
  }
  return true;
}

bool PlaceEncoder::append_cross(const PlacedField& placed, const RowView& row, const Joined& joined,
                                KeyBags& out, Rejection& rejection) {
  std::string scratch[2];
  std::string_view texts[2];
  for (size_t i = 0; i < 2; ++i) {
    const Operand& operand = placed.operands[i];
    if (operand.value.table >= 0) {
      texts[i] = joined(operand.value);
    } else if (!canonical(operand.field, row, operand.value.column, scratch[i], texts[i], rejection)) {
      return false;
    }
  }
  encoders_[placed.field].append_cross(texts[0], texts[1], out);
  return true;
}

bool PlaceEncoder::canonical(int64_t field, const RowView& row, ColumnRef column, std::string& scratch,
                             std::string_view& text, Rejection& rejection) const {
  std::string why;
  return encoders_[field].canonical(row.text(column), scratch, text, why) ||
         reject(rejection, fmt::format("bad number in column {}", row.name(column)), why);
}

}  // namespace esmm::data
