#include "esmm/data/ali_ccp_reader.h"

#include "esmm/core/error.h"
#include "esmm/data/ali_ccp_features.h"
#include "esmm/data/chunk_storage.h"
#include "esmm/data/file_sequence.h"
#include "esmm/data/line_reader.h"

#include <fmt/format.h>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

constexpr size_t kChunkRows = 8192;
constexpr size_t kChunkBytes = size_t{2} << 20;  // of lines, after which a chunk ends
constexpr std::string_view kTruncated = "truncated feature";
constexpr std::string_view kBadNumber = "bad number";
constexpr std::string_view kCountDiffers = "feature count differs";
constexpr std::string_view kDuplicate = "duplicate common index";
constexpr std::string_view kWeights = "__weights";

const std::vector<std::string> kSkeletonColumns{"sample_id", "click", "conversion", "common_index"};
const std::vector<std::string> kCommonColumns{"common_index"};

// Indices seen so far, as 128-bit hashes: a million take 16 MB.
class SeenIndices {
 public:
  bool insert(std::string_view index) {
    const XXH128_hash_t hash = XXH3_128bits(index.data(), index.size());
    return hashes_.insert({hash.high64, hash.low64}).second;
  }

 private:
  boost::unordered_flat_set<std::pair<uint64_t, uint64_t>> hashes_;
};

struct ShortTextHash {
  size_t operator()(std::string_view text) const {
    uint64_t bytes = text.size();
    std::memcpy(&bytes, text.data(), std::min(text.size(), sizeof bytes));
    return bytes;  // the map mixes it
  }
};

// Where a field's ids and values go; null: not asked for.
struct FieldColumns {
  RawColumn* ids = nullptr;
  RawColumn* weights = nullptr;
};

class AliCcpReader : public RawReader {
 public:
  // leading: columns before n_features. seen: where duplicates of the common index are rejected, else null.
  AliCcpReader(const fs::path& file, const std::vector<std::string>& leading,
               const std::vector<std::string>& columns, std::shared_ptr<SeenIndices> seen, Rejected& rejected)
      : leading_(leading),
        columns_(columns),
        seen_(std::move(seen)),
        rejected_(rejected),
        lines_(file, rejected),
        cells_(leading.size() + 2) {}

  bool next(RawChunk& chunk) override {
    start(chunk);
    Line line;
    size_t bytes = 0;
    while (chunk.lines.size() < kChunkRows && bytes < kChunkBytes && lines_.next(line)) {
      storage_->keep(lines_.window());
      bytes += line.text.size();
      if (read_row(line, chunk)) {
        chunk.lines.push_back(line.number);
        chunk.text.push_back(line.text);
      }
    }
    chunk.rows = static_cast<int64_t>(chunk.lines.size());
    chunk.storage = std::move(storage_);
    return chunk.rows > 0;
  }

 private:
  void start(RawChunk& chunk) {
    storage_ = std::make_shared<ChunkStorage>();
    chunk.file = lines_.file();
    chunk.lines.clear();
    chunk.text.clear();
    chunk.columns.resize(columns_.size());
    by_cell_.assign(leading_.size(), nullptr);
    by_field_.clear();
    last_field_ = {};
    last_columns_ = {};
    for (size_t i = 0; i < columns_.size(); ++i) place(columns_[i], chunk.columns[i]);
  }

  void place(const std::string& name, RawColumn& column) {
    column.values.clear();
    column.offsets.clear();
    const auto cell = std::find(leading_.begin(), leading_.end(), name);
    RawColumn** target = nullptr;
    if (cell != leading_.end()) {
      target = &by_cell_[static_cast<size_t>(cell - leading_.begin())];
    } else {
      column.offsets.push_back(0);
      const std::string_view text = name;
      target = text.ends_with(kWeights) ? &by_field_[text.substr(0, text.size() - kWeights.size())].weights
                                        : &by_field_[text].ids;
    }
    if (*target != nullptr) throw InternalError("column " + name + " is asked for twice");
    *target = &column;
  }

  bool read_row(const Line& line, RawChunk& chunk) {
    if (!accept_utf8(line.text, line.number, lines_.file(), rejected_)) return false;
    if (split(line) && read_features(line) && is_new(line)) {
      for (size_t i = 0; i < by_cell_.size(); ++i) {
        if (by_cell_[i] != nullptr) by_cell_[i]->values.push_back(cells_[i]);
      }
      for (RawColumn& column : chunk.columns) {
        if (!column.offsets.empty()) column.offsets.push_back(static_cast<int64_t>(column.values.size()));
      }
      return true;
    }
    for (RawColumn& column : chunk.columns) {  // takes back what the line's features added
      if (!column.offsets.empty()) column.values.resize(static_cast<size_t>(column.offsets.back()));
    }
    return false;
  }

  bool split(const Line& line) {
    size_t begin = 0;
    size_t count = 0;
    for (;;) {
      const size_t end = line.text.find(',', begin);
      if (count < cells_.size()) cells_[count] = line.text.substr(begin, end - begin);
      ++count;
      if (end == std::string_view::npos) break;
      begin = end + 1;
    }
    return count == cells_.size() ||
           reject(line, kWrongColumnCount, fmt::format("expected {}, got {}", cells_.size(), count));
  }

  bool read_features(const Line& line) {
    const std::string_view declared = cells_[cells_.size() - 2];
    int64_t expected = 0;
    const auto [end, problem] = std::from_chars(declared.data(), declared.data() + declared.size(), expected);
    if (problem != std::errc{} || end != declared.data() + declared.size()) {
      return reject(line, kBadNumber, fmt::format("expected a count of features, got '{}'", declared));
    }
    int64_t count = 0;
    bool truncated = false;
    AliCcpFeature bad;
    const bool whole = for_each_feature(cells_.back(), truncated, [&](const AliCcpFeature& feature) {
      ++count;
      add(feature);
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

  void add(const AliCcpFeature& feature) {
    if (feature.field != last_field_) {  // a field's features mostly stand together
      last_field_ = feature.field;
      const auto found = by_field_.find(feature.field);
      last_columns_ = found == by_field_.end() ? FieldColumns{} : found->second;
    }
    if (last_columns_.ids != nullptr) last_columns_.ids->values.push_back(feature.id);
    if (last_columns_.weights != nullptr) last_columns_.weights->values.push_back(feature.value);
  }

  bool is_new(const Line& line) {
    return seen_ == nullptr || seen_->insert(cells_.front()) || reject(line, kDuplicate, {});
  }

  bool reject(const Line& line, std::string_view reason, std::string_view detail) {
    rejected_.add(lines_.file(), line.number, reason, detail, line.text);
    return false;
  }

  const std::vector<std::string>& leading_;
  std::vector<std::string> columns_;
  std::shared_ptr<SeenIndices> seen_;
  Rejected& rejected_;
  LineReader lines_;
  std::vector<std::string_view> cells_;  // of the present line
  std::shared_ptr<ChunkStorage> storage_;
  std::vector<RawColumn*> by_cell_;
  boost::unordered_flat_map<std::string_view, FieldColumns, ShortTextHash> by_field_;
  std::string_view last_field_;
  FieldColumns last_columns_;
};

}  // namespace

std::unique_ptr<RawReader> ali_ccp_skeleton_reader(const std::vector<fs::path>& files,
                                                   const std::vector<std::string>& columns,
                                                   Rejected& rejected) {
  return std::make_unique<FileSequence>(files, [columns, &rejected](const fs::path& file) {
    return std::make_unique<AliCcpReader>(file, kSkeletonColumns, columns, nullptr, rejected);
  });
}

std::unique_ptr<RawReader> ali_ccp_common_reader(const std::vector<fs::path>& files,
                                                 const std::vector<std::string>& columns,
                                                 Rejected& rejected) {
  const auto seen = std::make_shared<SeenIndices>();
  return std::make_unique<FileSequence>(files, [columns, seen, &rejected](const fs::path& file) {
    return std::make_unique<AliCcpReader>(file, kCommonColumns, columns, seen, rejected);
  });
}

}  // namespace esmm::data
