#include "esmm/data/generate.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/core/random.h"
#include "esmm/data/generate_zipf.h"
#include "tests/support/temporary_folder.h"

namespace esmm::data {
namespace {

const std::array<const char*, 5> kFiles = {"common_features_test.csv", "common_features_train.csv",
                                           "sample_skeleton_test.csv", "sample_skeleton_train.csv",
                                           "truth.csv"};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<std::vector<std::string>> read_lines(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(split(line, ','));
  return lines;
}

struct Impression {
  int64_t id;
  bool click, conversion;
  double p_ctr, p_cvr;
};

// Both splits of a generated log, with the truth that stands in the same place of truth.csv.
std::vector<Impression> read_log(const std::filesystem::path& folder) {
  std::vector<Impression> log;
  const auto truth = read_lines(folder / "truth.csv");
  REQUIRE(truth.at(0) == std::vector<std::string>{"sample_id", "p_ctr", "p_cvr"});
  for (const char* name : {"sample_skeleton_train.csv", "sample_skeleton_test.csv"}) {
    for (const auto& line : read_lines(folder / name)) {
      const auto& t = truth.at(log.size() + 1);
      REQUIRE(line.at(0) == t.at(0));
      log.push_back({std::stoll(line[0]), line.at(1) == "1", line.at(2) == "1", std::stod(t.at(1)),
                     std::stod(t.at(2))});
    }
  }
  REQUIRE(truth.size() == log.size() + 1);
  return log;
}

GenerateOptions small(int64_t impressions) {
  GenerateOptions options;
  options.impressions = impressions;
  options.users = 500;
  options.items = 200;
  return options;
}

std::vector<Impression> generated(const GenerateOptions& options) {
  const test::TemporaryFolder folder;
  generate(options, folder.path(), false);
  return read_log(folder.path());
}

// How many standard deviations the labels are away from their probabilities.
struct Deviation {
  double difference = 0, variance = 0;
  void add(bool label, double p) {
    difference += label - p;
    variance += p * (1 - p);
  }
  double value() const { return std::abs(difference) / std::sqrt(variance); }
};

TEST_CASE("Zipf draws follow the power law") {
  constexpr int kDraws = 200'000;
  const Zipf zipf(5, 1.0);
  std::array<int, 5> seen{};
  Random random(3);
  for (int i = 0; i < kDraws; ++i) ++seen.at(zipf.draw(random));
  const double total = 1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0 + 1 / 5.0;
  double chi_square = 0;
  for (size_t i = 0; i < 5; ++i) {
    const double expected = kDraws / static_cast<double>(i + 1) / total;
    chi_square += (seen[i] - expected) * (seen[i] - expected) / expected;
  }
  CHECK(chi_square < 18.5);  // 4 degrees of freedom: exceeded once in 1,000
}

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

TEST_CASE("Labels are drawn from the true probabilities") {
  GenerateOptions options = small(60'000);
  options.ctr = options.cvr = 0.2;  // enough of both for the test to tell
  const auto log = generated(options);
  Deviation clicks, conversions;
  std::array<Deviation, 5> clicks_by_cvr, conversions_by_ctr, conversions_by_cvr;
  const auto bin = [](double p) { return std::min<size_t>(4, static_cast<size_t>(p / 0.1)); };
  for (const Impression& row : log) {
    clicks.add(row.click, row.p_ctr);
    clicks_by_cvr[bin(row.p_cvr)].add(row.click, row.p_ctr);
    if (!row.click) {
      REQUIRE_FALSE(row.conversion);
      continue;
    }
    conversions.add(row.conversion, row.p_cvr);
    conversions_by_ctr[bin(row.p_ctr)].add(row.conversion, row.p_cvr);
    conversions_by_cvr[bin(row.p_cvr)].add(row.conversion, row.p_cvr);
  }
  CHECK(clicks.value() < 4);
  CHECK(conversions.value() < 4);
  for (size_t i = 0; i < 5; ++i) {
    CHECK(clicks_by_cvr[i].value() < 4);
    CHECK(conversions_by_ctr[i].value() < 4);
    CHECK(conversions_by_cvr[i].value() < 4);
  }
}

TEST_CASE("Mean true probabilities are those asked for") {
  for (const auto& [ctr, cvr] : {std::pair{0.05, 0.05}, std::pair{0.3, 0.01}, std::pair{0.01, 0.6}}) {
    GenerateOptions options = small(40'000);
    options.ctr = ctr;
    options.cvr = cvr;
    double mean_ctr = 0, mean_cvr = 0;
    for (const Impression& row : generated(options)) {
      mean_ctr += row.p_ctr / 40'000;
      mean_cvr += row.p_cvr / 40'000;
    }
    CHECK(mean_ctr == Approx(ctr).epsilon(0.06));
    CHECK(mean_cvr == Approx(cvr).epsilon(0.06));
  }
}

TEST_CASE("With selection bias clicked impressions convert better, with its opposite worse") {
  const auto lift = [](double bias) {
    GenerateOptions options = small(40'000);
    options.selection_bias = bias;
    double all = 0, clicked = 0, clicks = 0;
    for (const Impression& row : generated(options)) {
      all += row.p_cvr / 40'000;
      clicked += row.click ? row.p_cvr : 0;
      clicks += row.click;
    }
    return clicked / clicks / all;
  };
  CHECK(lift(0.6) > 1.4);
  CHECK(lift(0.0) == Approx(1).epsilon(0.1));
  CHECK(lift(-0.6) < 0.7);
}

TEST_CASE("The true probabilities order labels usefully") {
  const auto log = generated(small(40'000));
  double clicks_won = 0, click_pairs = 0, conversions_won = 0, conversion_pairs = 0;
  for (const Impression& a : log) {
    if (!a.click) continue;
    for (const Impression& b : log) {
      if (!b.click) {
        ++click_pairs;
        clicks_won += a.p_ctr > b.p_ctr;
      } else if (a.conversion && !b.conversion) {
        ++conversion_pairs;
        conversions_won += a.p_cvr > b.p_cvr;
      }
    }
  }
  CHECK(clicks_won / click_pairs == Approx(0.79).margin(0.03));
  CHECK(conversions_won / conversion_pairs == Approx(0.76).margin(0.06));
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
