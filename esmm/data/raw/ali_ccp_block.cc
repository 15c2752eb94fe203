#include "esmm/data/raw/ali_ccp_block.h"

#include "esmm/core/error.h"
#include "esmm/data/raw/ali_ccp_features.h"
#include "esmm/data/raw/byte_places.h"
#include "esmm/data/raw/chunk_storage.h"
#include "esmm/data/raw/field_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace esmm::data {
namespace {

constexpr std::string_view kTruncated = "truncated feature";
constexpr std::string_view kBadNumber = "bad number";
constexpr std::string_view kCountDiffers = "feature count differs";
constexpr std::string_view kWeights = "__weights";

constexpr std::array<char, 5> kSeparators{ali_ccp::kBetweenFeatures, ali_ccp::kAfterField, ali_ccp::kAfterId,
                                          ',', '\n'};
class BlockParser {
 public:
  BlockParser(const TextBlock& block, const AliCcpColumns& columns, RawChunk& chunk)
      : block_(block), text_(block.text), chunk_(chunk), cells_(columns.leading.size() + 2) {
    by_cell_.resize(columns.leading.size());
    for (size_t i = 0; i < columns.asked.size(); ++i)
      place(columns.leading, columns.asked[i], chunk.columns[i]);
    by_field_.index();
    for (RawColumn& column : chunk.columns) {
      if (!column.offsets.empty()) field_columns_.push_back(&column);
    }
  }

  void parse() {
    static thread_local BytePlaces places;  // keeps its memory from block to block
    places.find(text_, kSeparators);
    ascii_ = places.ascii();
    const uint32_t* place = places.places().data();
    // Behind a line that parse_plain reads there are bytes for word_at, and its end is among the places.
    const size_t last = text_.size() > 2 * kWord ? text_.rfind('\n', text_.size() - 2 * kWord) : kNone;
    const size_t plain_end = last == kNone ? 0 : last + 1;
    int64_t number = block_.first_line;
    for (size_t begin = 0; begin < text_.size(); ++number) {
      size_t end = begin < plain_end && ascii_ ? parse_plain(begin, place) : kNone;
      if (end == kNone) {
        take_back();
        end = std::min(text_.find('\n', begin), text_.size());
        parse_with_care({text_.substr(begin, end - begin), number});
        while (begin < plain_end && text_[*place] != '\n') ++place;
        ++place;
      } else {
        add_row(text_.substr(begin, end - begin), number);
      }
      begin = end + 1;
    }
  }

 private:
  static constexpr size_t kNone = std::string_view::npos;

  void place(const std::vector<std::string>& leading, const std::string& name, RawColumn& column) {
    const auto cell = std::find(leading.begin(), leading.end(), name);
    RawColumn** target = nullptr;
    if (cell != leading.end()) {
      target = &by_cell_[static_cast<size_t>(cell - leading.begin())];
    } else {
      column.offsets.push_back(0);
      const std::string_view text = name;
      target = text.ends_with(kWeights) ? &by_field_[text.substr(0, text.size() - kWeights.size())].weights
                                        : &by_field_[text].ids;
    }
    if (*target != nullptr) throw InternalError("column " + name + " is asked for twice");
    *target = &column;
  }

  // Reads the line at `begin`, whose first separator is *place, if it is as it should be: returns its end and
  // moves `place` behind it. Else kNone.
  size_t parse_plain(size_t begin, const uint32_t*& place) {
    const uint32_t* at = place;
    for (size_t i = 0; i + 1 < cells_.size(); ++i) {
      if (text_[*at] != ',') return kNone;
      cells_[i] = text_.substr(begin, *at - begin);
      begin = *at++ + 1;
    }
    int64_t left = 0;
    if (!parse_count(cells_[cells_.size() - 2], left)) return kNone;
    for (char separator = ali_ccp::kBetweenFeatures; separator != '\n'; --left) {
      if (text_[at[0]] != ali_ccp::kAfterField || text_[at[1]] != ali_ccp::kAfterId) return kNone;
      separator = text_[at[2]];
      if (separator != ali_ccp::kBetweenFeatures && separator != '\n') return kNone;
      const size_t end = at[2] - (separator == '\n' && text_[at[2] - 1] == '\r' ? 1 : 0);
      const AliCcpFeature feature{text_.substr(begin, at[0] - begin),
                                  text_.substr(at[0] + 1, at[1] - at[0] - 1),
                                  text_.substr(at[1] + 1, end - at[1] - 1)};
      if (feature.field.empty() || feature.id.empty() || !is_plain_number(feature.value)) return kNone;
      add(feature, word_at(feature.field.data(), feature.field.size()));
      begin = at[2] + 1;
      at += 3;
    }
    if (left != 0) return kNone;
    place = at;
    return begin - 1;
  }

  static bool parse_count(std::string_view text, int64_t& count) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    return problem == std::errc{} && end == text.data() + text.size();
  }

  static bool is_plain_number(std::string_view text) {
    constexpr uint64_t kOne = '1' | '.' << 8 | '0' << 16;
    return text.size() == 3 && word_at(text.data(), 3) == kOne ? true : is_finite_number(text);
  }

  void parse_with_care(Line line) {
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    if (line.text.empty()) {
      reject(line, kEmptyLine, {});
    } else if ((ascii_ || accept_utf8(line.text, line.number, chunk_.rejected)) && split(line) &&
               read_features(line)) {
      return add_row(line.text, line.number);
    }
    take_back();
  }

  bool split(const Line& line) {
    size_t begin = 0;
    size_t count = 0;
    for (;;) {
      const size_t end = line.text.find(',', begin);
      if (count < cells_.size()) cells_[count] = line.text.substr(begin, end - begin);
      ++count;
      if (end == kNone) break;
      begin = end + 1;
    }
    return count == cells_.size() ||
           reject(line, kWrongColumnCount, fmt::format("expected {}, got {}", cells_.size(), count));
  }

  bool read_features(const Line& line) {
    const std::string_view declared = cells_[cells_.size() - 2];
    int64_t expected = 0;
    if (!parse_count(declared, expected))
      return reject(line, kBadNumber, fmt::format("expected a count of features, got '{}'", declared));
    int64_t count = 0;
    bool truncated = false;
    AliCcpFeature bad;
    const bool whole = for_each_feature(cells_.back(), truncated, [&](const AliCcpFeature& feature) {
      ++count;
      uint64_t word = 0;
      std::memcpy(&word, feature.field.data(), std::min(feature.field.size(), kWord));
      add(feature, word);
      if (is_finite_number(feature.value)) return true;
      bad = feature;
      return false;
    });
    if (truncated) return reject(line, kTruncated, fmt::format("feature {}", count + 1));
    if (!whole)
      return reject(line, kBadNumber, fmt::format("value of field {}: got '{}'", bad.field, bad.value));
    return count == expected ||
           reject(line, kCountDiffers, fmt::format("expected {}, got {}", expected, count));
  }

  void add(const AliCcpFeature& feature, uint64_t word) {
    const FieldColumns* columns = by_field_.find(feature.field, word);
    if (columns == nullptr) return;
    if (columns->ids != nullptr) columns->ids->values.push_back(feature.id);
    if (columns->weights != nullptr) columns->weights->values.push_back(feature.value);
  }

  // Ends the row whose cells and features were read.
  void add_row(std::string_view line, int64_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (size_t i = 0; i < by_cell_.size(); ++i) {
      if (by_cell_[i] != nullptr) by_cell_[i]->values.push_back(cells_[i]);
    }
    for (RawColumn* column : field_columns_)
      column->offsets.push_back(static_cast<int64_t>(column->values.size()));
    chunk_.lines.push_back(number);
    chunk_.text.push_back(line);
  }

  // Takes back the features of a row that add_row did not end.
  void take_back() {
    for (RawColumn* column : field_columns_)
      column->values.resize(static_cast<size_t>(column->offsets.back()));
  }

  bool reject(const Line& line, std::string_view reason, std::string detail) {
    chunk_.rejected.push_back({line.number, std::string(reason), std::move(detail), line.text});
    return false;
  }

  const TextBlock& block_;
  std::string_view text_;
  RawChunk& chunk_;
  bool ascii_ = false;
  std::vector<std::string_view> cells_;  // of the present line
  std::vector<RawColumn*> by_cell_;
  std::vector<RawColumn*> field_columns_;
  FieldTable by_field_;
};

}  // namespace

void parse_ali_ccp_block(const TextBlock& block, const AliCcpColumns& columns, RawChunk& chunk) {
  chunk.clear(columns.asked.size());
  const auto storage = std::make_shared<ChunkStorage>();
  storage->keep(block.owner);
  chunk.storage = storage;
  chunk.file_bytes = block.file_bytes;
  if (block.too_long) {
    chunk.rejected.push_back({block.first_line, std::string(kTooLong), {}, block.text});
    return;
  }
  BlockParser(block, columns, chunk).parse();
  chunk.rows = static_cast<int64_t>(chunk.lines.size());
}

}  // namespace esmm::data
