#include "esmm/data/prepare/joined_table.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>
#include <utility>

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/prepare/ordered_work.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {
namespace {

uint64_t hash_of(std::string_view key, size_t source) {
  return XXH3_64bits_withSeed(key.data(), key.size(), source);
}

}  // namespace

// Good rows of a chunk. Views live as long as the chunk.
struct JoinedTable::Rows {
  std::vector<int64_t> line;
  std::vector<std::string_view> key, text;  // the join's key; the raw line
  std::vector<uint64_t> hash;               // of the key
  std::vector<KeptValues> kept;
  KeyBags keys;
  std::vector<RejectedLine> rejected;  // further lines, those that the reader rejected too
  ChunkStorage storage;                // of keys that the chunk does not hold
};

// Makes the rows of a chunk. One per thread.
class JoinedTable::Encoder {
 public:
  Encoder(const TablePlan& plan, const Schema& schema)
      : plan_(plan),
        encoder_(plan, schema),
        row_(plan),
        texts_(plan.kept.size()),
        numbers_(plan.kept.size()) {}

  // source: place of the source among the table's.
  void encode(RawChunk& chunk, size_t source, Rows& out) {
    out = {};
    out.kept.resize(plan_.kept.size());
    for (int64_t r = 0; r < chunk.rows; ++r) {
      const size_t bags = out.keys.offsets.size(), ids = out.keys.ids.size();
      if (row_.move_to(chunk, r, rejection_) && encode_row(out.keys)) {
        add_row(chunk, r, source, out);
        continue;
      }
      out.keys.rewind(bags, ids);
      out.rejected.push_back(
          {chunk.lines[r], std::move(rejection_.reason), std::move(rejection_.detail), chunk.text[r]});
    }
    std::move(chunk.rejected.begin(), chunk.rejected.end(), std::back_inserter(out.rejected));
  }

 private:
  bool encode_row(KeyBags& keys) {
    if (row_.text(plan_.right_key).empty()) {
      rejection_ = {fmt::format("no key in column {}", row_.name(plan_.right_key)), {}};
      return false;
    }
    return read_kept() && encoder_.append(row_, {}, keys, rejection_);
  }

  bool read_kept() {
    for (size_t i = 0; i < plan_.kept.size(); ++i) {
      const KeptColumn& column = plan_.kept[i];
      std::string_view text = row_.text(column.column);
      if (column.kind == KeptColumn::Kind::number) {
        numbers_[i] = std::numeric_limits<double>::quiet_NaN();
        if (is_missing_number(text) || parse_number(text, numbers_[i])) continue;
        rejection_ = {fmt::format("bad number in column {}", row_.name(column.column)),
                      fmt::format("got '{}'", text)};
        return false;
      }
      std::string scratch;
      if (column.kind == KeptColumn::Kind::canonical &&
          !encoder_.canonical(column.field, row_, column.column, scratch, text, rejection_)) {
        return false;
      }
      texts_[i] = text;
    }
    return true;
  }

  void add_row(const RawChunk& chunk, int64_t r, size_t source, Rows& out) {
    const std::string_view key = row_.text(plan_.right_key);
    out.line.push_back(chunk.lines[r]);
    out.text.push_back(chunk.text[r]);
    out.key.push_back(plan_.right_key.derived ? out.storage.copy(key) : key);
    out.hash.push_back(hash_of(key, source));
    for (size_t i = 0; i < plan_.kept.size(); ++i) {
      if (plan_.kept[i].kind == KeptColumn::Kind::number) {
        out.kept[i].add(numbers_[i]);
      } else {
        out.kept[i].add(texts_[i]);
      }
    }
  }

  const TablePlan& plan_;
  PlaceEncoder encoder_;
  RowView row_;
  Rejection rejection_;
  std::vector<std::string> texts_;  // the present row's kept values
  std::vector<double> numbers_;
};

void JoinedTable::read(Rejected& rejected, const TableSink& sink, size_t threads, ReadProgress* progress) {
  for (size_t i = 0; i < plan_.sources.size(); ++i)
    read_source(plan_.sources[i], i, rejected, sink, threads, progress);
  add_missing_row(sink);
}

void JoinedTable::read_source(const SourceConfig& source, size_t place, Rejected& rejected,
                              const TableSink& sink, size_t threads, ReadProgress* progress) {
  enum Section : size_t { kTake, kHandOver, kSections };
  struct Worker {
    Encoder encoder;
    RawChunk chunk = {};
    Rows rows = {};
  };
  SourceLines& lines = lines_.emplace_back(
      plan_.common ? SourceLines{.source = source.name + ".common", .files = in_words(source.common)}
                   : SourceLines{.source = source.name, .files = in_words(source.paths)});
  const auto reader = plan_.common ? open_ali_ccp_common(source, plan_.raw) : open_source(source, plan_.raw);
  std::vector<std::unique_ptr<Worker>> workers;
  for (size_t t = 0; t < threads; ++t)
    workers.push_back(std::make_unique<Worker>(Worker{.encoder = {plan_, schema_}}));
  OrderedWork(kSections).run(threads, [&](OrderedWork::Item& item) {
    auto& [encoder, chunk, rows] = *workers[item.thread()];
    RawTask task;
    item.in_order(kTake, [&] { task = reader->next(task) ? std::move(task) : nullptr; });
    if (!task) return false;
    task(chunk);
    encoder.encode(chunk, place, rows);
    item.in_order(kHandOver, [&] {
      add_rows(rows);
      sort_by_line(rows.rejected);
      for (const RejectedLine& line : rows.rejected) {
        rejected.add(chunk.file, line);
        lines.add_rejected(line);
      }
      lines.read += static_cast<int64_t>(rows.line.size());
      if (progress != nullptr) progress->add(chunk.file_bytes);
      sink.in_order(rows.keys, item.thread());
    });
    if (sink.at_once) sink.at_once(rows.keys, item.thread());
    return true;
  });
}

// Drops rows whose keys are there already and keeps what impressions want of the others.
void JoinedTable::add_rows(Rows& rows) {
  std::vector<uint8_t> keep(rows.line.size(), 1);
  for (size_t r = 0; r < keep.size(); ++r) {
    if (rows_ >= std::numeric_limits<int32_t>::max() - 1)
      throw Error({.what = "too many rows to join", .where = plan_.name, .expected = "fewer than 2^31"});
    if (!row_of_key_.emplace(rows.hash[r], static_cast<int32_t>(rows_)).second) {
      keep[r] = 0;
      rows.rejected.push_back(
          {rows.line[r],
           plan_.common ? "duplicate common index" : fmt::format("duplicate key in {}", plan_.name),
           plan_.common ? "" : fmt::format("got '{}'", rows.key[r]), rows.text[r]});
      continue;
    }
    ++rows_;
    for (size_t i = 0; i < kept_.size(); ++i) {
      if (plan_.kept[i].kind == KeptColumn::Kind::number) {
        kept_[i].add(rows.kept[i].numbers[r]);
      } else {
        kept_[i].add(rows.kept[i].text(static_cast<int64_t>(r)));
      }
    }
  }
  const auto kept = static_cast<size_t>(std::count(keep.begin(), keep.end(), 1));
  if (kept == keep.size()) return;
  keep_rows(rows.keys, keep, plan_.fields.size());
  rows.line.resize(kept);  // as many as are kept; which ones no longer matters
}

void JoinedTable::add_missing_row(const TableSink& sink) {
  KeyBags keys;
  std::string why;
  for (const PlacedField& placed : plan_.fields) {
    const FieldEncoder encoder(schema_, placed.field);
    if (encoder.field().kind == FieldKind::crossed) {
      encoder.append_cross({}, {}, keys);
    } else {
      encoder.append({}, {}, keys, why);
    }
  }
  sink.in_order(keys, 0);
  if (sink.at_once) sink.at_once(keys, 0);
  for (size_t i = 0; i < kept_.size(); ++i) {
    kept_[i].add(std::numeric_limits<double>::quiet_NaN());
    kept_[i].add(std::string_view{});
  }
  ++rows_;
}

int64_t JoinedTable::find(std::string_view key, size_t source) const {
  if (key.empty()) return missing_row();
  const auto found = row_of_key_.find(hash_of(key, plan_.common ? source : 0));
  return found == row_of_key_.end() ? missing_row() : found->second;
}

}  // namespace esmm::data
