// The reader on what is left of Ali-CCP in public: a raw row, and rows derived from joined ones.
#include "esmm/data/raw/ali_ccp_reader.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "tests/data/raw/raw_rows.h"

using esmm::data::Rejected;
using esmm::test::as_lines;
using esmm::test::read_all;
using esmm::test::split;
using Lines = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

bool sample_there(const char* name) {
  if (fs::exists(esmm::test::sample_data() / "ali-ccp-format" / name)) return true;
  WARN("skipped: no ali-ccp-format/" << name << " in " << esmm::test::sample_data() << "; set ESMM_DATA");
  return false;
}

}  // namespace

TEST_CASE("the exact raw row of Ali-CCP parses to its ids and values") {
  if (!sample_there("raw_sample_skeleton_train_row1_exact.csv")) return;
  Rejected rejected;
  const auto rows =
      read_all(*esmm::data::ali_ccp_skeleton_reader(
                   {esmm::test::sample_data() / "ali-ccp-format/raw_sample_skeleton_train_row1_exact.csv"},
                   {"sample_id", "click", "conversion", "common_index", "210", "210__weights", "216", "301",
                    "205", "206", "207", "508", "508__weights"}),
               rejected);
  CHECK(as_lines(rows) == Lines{"1|0|0|bacff91692951881|9052218;9064553;9093445|1.0;1.0;1.0|9154780|9351665|"
                                "4186222|8316799|8416205|9355039|0.69315"});
  CHECK(rejected.counts().empty());
}

TEST_CASE(
    "ten derived rows of Ali-CCP, with their common row, are the ten joined rows that PaddleRec ships") {
  if (!sample_there("paddlerec_esmm_first10_joined.txt")) return;
  const fs::path folder = esmm::test::sample_data() / "ali-ccp-format";
  std::vector<std::map<std::string, Lines>> expected;
  std::set<std::string> fields;
  Lines labels;
  for (const std::string& line : split(esmm::read_file(folder / "paddlerec_esmm_first10_joined.txt"), '\n')) {
    const Lines cells = split(line, ',');
    labels.push_back(cells[0] + "|" + cells[1] + "|" + cells[2] + "|bacff91692951881");
    expected.emplace_back();
    for (size_t i = 3; i < cells.size(); ++i) {
      const Lines feature = split(cells[i], ':');
      expected.back()[feature[0]].push_back(feature[1]);
      fields.insert(feature[0]);
    }
  }
  REQUIRE(expected.size() == 10);
  const Lines columns(fields.begin(), fields.end());
  Lines weights;
  for (const std::string& field : columns) weights.push_back(field + "__weights");
  const fs::path skeleton = folder / "derived_sample_skeleton_first10.csv";
  const fs::path common = folder / "derived_common_features_first1.csv";
  Rejected rejected;
  CHECK(as_lines(read_all(*esmm::data::ali_ccp_skeleton_reader(
                              {skeleton}, {"sample_id", "click", "conversion", "common_index"}),
                          rejected)) == labels);
  const auto rows = read_all(*esmm::data::ali_ccp_skeleton_reader({skeleton}, columns), rejected);
  const auto row_weights = read_all(*esmm::data::ali_ccp_skeleton_reader({skeleton}, weights), rejected);
  const auto users = read_all(*esmm::data::ali_ccp_common_reader({common}, columns), rejected);
  REQUIRE(rows.size() == 10);
  REQUIRE(users.size() == 1);
  CHECK(
      users[0]
          .values[static_cast<size_t>(std::find(columns.begin(), columns.end(), "110_14") - columns.begin())]
          .size() == 342);
  for (size_t r = 0; r < 10; ++r) {
    for (size_t c = 0; c < columns.size(); ++c) {
      Lines ids = rows[r].values[c];
      CHECK(row_weights[r].values[c] == Lines(ids.size(), "1.0"));
      ids.insert(ids.end(), users[0].values[c].begin(), users[0].values[c].end());
      CHECK(ids == expected[r][columns[c]]);
    }
  }
  CHECK(rejected.counts().empty());
}
