#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "esmm/data/raw/chunk_storage.h"
#include "esmm/data/raw/raw_reader.h"
#include "esmm/features/bags.h"

namespace esmm::data {

// The good impressions of a chunk, R of them that are in a split. Each vector holds one value per row, or
// none where the config asks for none. Views live as long as the chunk.
struct ImpressionRows {
  std::filesystem::path file;
  std::vector<int64_t> line;
  std::vector<int8_t> split;  // places in kSplitNames
  std::vector<uint8_t> click, conversion;
  std::vector<std::string_view> id;
  std::vector<int64_t> group;  // key of the group column
  std::vector<double> p_ctr, p_cvr;
  std::vector<float> click_weight, conversion_weight;
  std::vector<std::vector<int32_t>> table_rows;  // per table of the plan; of tables not used: empty
  std::vector<std::vector<double>> numbers;      // per number asked for (RawScan); nan: missing, or no number
  KeyBags keys;                                  // R x fields made at the impression
  std::vector<uint8_t> without_click;            // had a conversion without a click, which counts as none
  std::vector<std::string_view> text;            // the raw line
  int64_t left_out = 0;                          // further impressions, in none of the splits
  std::vector<RejectedLine> rejected;            // further lines, those that the reader rejected too
  ChunkStorage storage;                          // of texts that the chunk does not hold

  size_t size() const { return line.size(); }
  // No rows for `tables` tables and `asked` numbers; keeps the memory.
  void clear(size_t tables, size_t asked);
  // Drops rows r with keep[r] = 0. fields: of each row.
  void keep(const std::vector<uint8_t>& keep, size_t fields);
};

// Keeps of `rows` x `fields` bags those of rows r with keep[r] != 0.
void keep_rows(KeyBags& keys, const std::vector<uint8_t>& keep, size_t fields);

// Lines in their order.
void sort_by_line(std::vector<RejectedLine>& rejected);

}  // namespace esmm::data
