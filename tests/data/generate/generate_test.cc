#include "esmm/data/generate/generate.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "tests/data/generate/generated.h"
#include "tests/support/temporary_folder.h"

namespace esmm::data {
namespace {

using test::generated;
using test::LoggedImpression;
using test::read_lines;
using test::read_log;
using test::small;
using test::split;

const std::array<const char*, 5> kFiles = {"common_features_test.csv", "common_features_train.csv",
                                           "sample_skeleton_test.csv", "sample_skeleton_train.csv",
                                           "truth.csv"};

TEST_CASE("The same seed generates the same bytes and another seed others") {
  const test::TemporaryFolder first, again, other;
  GenerateOptions options = small(3000);
  generate(options, first.path(), false);
  generate(options, again.path(), false);
  options.seed = 2;
  generate(options, other.path(), false);
  for (const char* name : kFiles) {
    INFO(name);
    CHECK(read_file(first / name) == read_file(again / name));
    CHECK(read_file(first / name) != read_file(other / name));
  }
}

TEST_CASE("A log is five files and replaces an older one") {
  const test::TemporaryFolder folder;
  write_file(folder / "truth.csv", "old");
  const GenerateReport report = generate(small(1000), folder.path(), false);
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    names.insert(entry.path().filename());
  CHECK(names == std::set<std::string>(kFiles.begin(), kFiles.end()));
  CHECK(report.impressions == 1000);
  CHECK(read_lines(folder / "sample_skeleton_train.csv").size() == 750);
  CHECK(read_lines(folder / "sample_skeleton_test.csv").size() == 250);
  const auto log = read_log(folder.path());
  int64_t clicks = 0, conversions = 0;
  for (size_t i = 0; i < log.size(); ++i) {
    CHECK(log[i].id == static_cast<int64_t>(i) + 1);
    clicks += log[i].click;
    conversions += log[i].conversion;
  }
  CHECK(report.clicks == clicks);
  CHECK(report.conversions == conversions);
}

TEST_CASE("Lines have Ali-CCP's layout, right feature counts and ids of their own for each field") {
  const test::TemporaryFolder folder;
  generate(small(5000), folder.path(), false);
  const std::map<std::string, std::string> shared = {
      {"109_14", "206"}, {"110_14", "207"}, {"127_14", "216"}, {"150_14", "210"}};
  std::map<std::string, std::string> field_of_id;
  std::map<std::string, int64_t> rows_with_field;
  const auto check_features = [&](const std::string& count, const std::string& text) {
    const auto features = split(text, '\x01');
    REQUIRE(std::stoull(count) == features.size());
    std::set<std::string> fields, seen;
    for (const std::string& feature : features) {
      REQUIRE(seen.insert(feature.substr(0, feature.find('\x03'))).second);
      std::string field = feature.substr(0, feature.find('\x02'));
      const std::string id = feature.substr(field.size() + 1, feature.find('\x03') - field.size() - 1);
      REQUIRE(std::stod(feature.substr(feature.find('\x03') + 1)) > 0);
      fields.insert(field);
      if (shared.contains(field)) field = shared.at(field);
      REQUIRE(field_of_id.try_emplace(id, field).first->second == field);
    }
    for (const std::string& field : fields) ++rows_with_field[field];
  };
  for (const std::string name : {"train", "test"}) {
    std::set<std::string> indices, used;
    for (const auto& line : read_lines(folder / ("common_features_" + name + ".csv"))) {
      REQUIRE(line.size() == 3);
      REQUIRE(line[0].size() == 16);
      REQUIRE(line[0].find_first_not_of("0123456789abcdef") == std::string::npos);
      REQUIRE(indices.insert(line[0]).second);
      check_features(line[1], line[2]);
    }
    for (const auto& line : read_lines(folder / ("sample_skeleton_" + name + ".csv"))) {
      REQUIRE(line.size() == 6);
      REQUIRE(indices.contains(line[3]));
      REQUIRE(!(line[1] == "0" && line[2] == "1"));
      used.insert(line[3]);
      check_features(line[4], line[5]);
    }
    CHECK(used == indices);
  }
  for (const char* field : {"205", "206", "207", "210", "216", "301"}) CHECK(rows_with_field[field] == 5000);
  for (const char* field : {"101", "121", "122", "124", "125", "126", "127", "128", "129", "109_14", "110_14",
                            "127_14", "150_14", "508", "509", "702", "853"}) {
    INFO(field);
    CHECK(rows_with_field[field] > 50);
  }
  CHECK(rows_with_field["126"] < rows_with_field["125"]);
}

TEST_CASE("Impressions of one user come in runs") {
  const test::TemporaryFolder folder;
  generate(small(5000), folder.path(), false);
  const auto lines = read_lines(folder / "sample_skeleton_train.csv");
  int changes = 0;
  for (size_t i = 1; i < lines.size(); ++i) changes += lines[i][3] != lines[i - 1][3];
  CHECK(changes < 3750 / 5);
  CHECK(changes > 3750 / 12);
}

TEST_CASE("The smallest log is a log") {
  GenerateOptions options;
  options.impressions = 10;
  options.users = options.items = 2;
  options.test_fraction = 0.01;
  const auto log = generated(options);
  CHECK(log.size() == 10);
}

TEST_CASE("Options out of range are refused, all at once and before anything is removed") {
  const test::TemporaryFolder folder;
  write_file(folder / "truth.csv", "old");
  GenerateOptions options;
  options.impressions = 9;
  options.users = 1;
  options.items = 0;
  options.test_fraction = 1;
  options.ctr = 0;
  options.cvr = std::nan("");
  options.selection_bias = 1.5;
  try {
    generate(options, folder.path(), false);
    FAIL("no error");
  } catch (const ConfigError& error) {
    REQUIRE(error.problems().size() == 7);
    CHECK(error.problems()[0].line() ==
          "impressions: option out of range: expected 10 to 1000000000000, got 9");
    CHECK(error.problems()[6].where == "selection_bias");
  }
  CHECK(read_file(folder / "truth.csv") == "old");
}

TEST_CASE("A folder that cannot be written is an error of one line") {
  const test::TemporaryFolder folder;
  write_file(folder / "file", "");
  CHECK_THROWS_AS(generate(small(100), folder / "file", false), Error);
}

}  // namespace
}  // namespace esmm::data
