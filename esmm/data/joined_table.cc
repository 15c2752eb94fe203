#include "esmm/data/joined_table.h"

#include <limits>
#include <memory>

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "esmm/core/error.h"
#include "esmm/data/raw_reader.h"

namespace esmm::data {
namespace {

uint64_t hash_of(std::string_view key, size_t source) {
  return XXH3_64bits_withSeed(key.data(), key.size(), source);
}

}  // namespace

JoinedTable::JoinedTable(const TablePlan& plan, const Schema& schema, Rejected& rejected, const RowSink& sink)
    : plan_(plan), kept_(plan.kept.size()), texts_(plan.kept.size()), numbers_(plan.kept.size()) {
  for (size_t i = 0; i < plan.sources.size(); ++i) read(plan.sources[i], i, schema, rejected, sink);
  add_missing_row(schema, sink);
}

void JoinedTable::read(const SourceConfig& source, size_t place, const Schema& schema, Rejected& rejected,
                       const RowSink& sink) {
  const auto rejected_before = rejected.counts();
  int64_t accepted = 0;
  const auto reader = plan_.common ? open_ali_ccp_common(source, plan_.raw, rejected)
                                   : open_source(source, plan_.raw, rejected);
  PlaceEncoder encoder(plan_, schema);
  RowView row(plan_);
  RawChunk chunk;
  KeyBags keys;
  Rejection rejection;
  while (reader->next(chunk)) {
    for (int64_t r = 0; r < chunk.rows; ++r) {
      keys.clear();
      if (row.move_to(chunk, r, rejection) &&
          add_row(row, encoder, hash_of(row.text(plan_.right_key), place), keys, rejection)) {
        sink(keys);
        ++accepted;
        continue;
      }
      rejected.add(chunk.file, chunk.lines[r], rejection.reason, rejection.detail, chunk.text[r]);
    }
  }
  SourceLines& lines = lines_.emplace_back();
  lines.source = plan_.common ? source.name + ".common" : source.name;
  lines.rejected = rejected.counts_since(rejected_before);
  lines.read = accepted + lines.rejected_total();
}

bool JoinedTable::add_row(const RowView& row, PlaceEncoder& encoder, uint64_t key, KeyBags& keys,
                          Rejection& rejection) {
  const std::string_view text = row.text(plan_.right_key);
  if (text.empty()) {
    rejection = {fmt::format("no key in column {}", row.name(plan_.right_key)), {}};
    return false;
  }
  if (!read_kept(row, encoder, rejection) || !encoder.append(row, {}, keys, rejection)) return false;
  if (rows_ >= std::numeric_limits<int32_t>::max() - 1) {
    throw Error({.what = "too many rows to join", .where = plan_.name, .expected = "fewer than 2^31"});
  }
  if (!row_of_key_.emplace(key, static_cast<int32_t>(rows_)).second) {
    rejection = {fmt::format("duplicate key in {}", plan_.name), fmt::format("got '{}'", text)};
    return false;
  }
  for (size_t i = 0; i < kept_.size(); ++i) {
    if (plan_.kept[i].kind == KeptColumn::Kind::number) {
      kept_[i].numbers.push_back(numbers_[i]);
    } else {
      kept_[i].bytes += texts_[i];
      kept_[i].ends.push_back(static_cast<int64_t>(kept_[i].bytes.size()));
    }
  }
  ++rows_;
  return true;
}

bool JoinedTable::read_kept(const RowView& row, const PlaceEncoder& encoder, Rejection& rejection) {
  for (size_t i = 0; i < kept_.size(); ++i) {
    const KeptColumn& column = plan_.kept[i];
    std::string_view text = row.text(column.column);
    if (column.kind == KeptColumn::Kind::number) {
      numbers_[i] = std::numeric_limits<double>::quiet_NaN();
      if (is_missing_number(text) || parse_number(text, numbers_[i])) continue;
      rejection = {fmt::format("bad number in column {}", row.name(column.column)),
                   fmt::format("got '{}'", text)};
      return false;
    }
    std::string scratch;
    if (column.kind == KeptColumn::Kind::canonical &&
        !encoder.canonical(column.field, row, column.column, scratch, text, rejection)) {
      return false;
    }
    texts_[i] = text;
  }
  return true;
}

void JoinedTable::add_missing_row(const Schema& schema, const RowSink& sink) {
  KeyBags keys;
  std::string why;
  for (const PlacedField& placed : plan_.fields) {
    const FieldEncoder encoder(schema, placed.field);
    if (encoder.field().kind == FieldKind::crossed) {
      encoder.append_cross({}, {}, keys);
    } else {
      encoder.append({}, {}, keys, why);
    }
  }
  sink(keys);
  for (size_t i = 0; i < kept_.size(); ++i) {
    kept_[i].numbers.push_back(std::numeric_limits<double>::quiet_NaN());
    kept_[i].ends.push_back(static_cast<int64_t>(kept_[i].bytes.size()));
  }
  ++rows_;
}

int64_t JoinedTable::find(std::string_view key, size_t source) const {
  if (key.empty()) return missing_row();
  const auto found = row_of_key_.find(hash_of(key, plan_.common ? source : 0));
  return found == row_of_key_.end() ? missing_row() : found->second;
}

std::string_view JoinedTable::text(size_t kept, int64_t row) const {
  const Kept& column = kept_[kept];
  const int64_t begin = row == 0 ? 0 : column.ends[row - 1];
  return std::string_view(column.bytes)
      .substr(static_cast<size_t>(begin), static_cast<size_t>(column.ends[row] - begin));
}

double JoinedTable::number(size_t kept, int64_t row) const { return kept_[kept].numbers[row]; }

}  // namespace esmm::data
