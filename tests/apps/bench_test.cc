#include <catch2/catch.hpp>

#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "esmm/core/file.h"
#include "tests/apps/program.h"

namespace esmm::test {
namespace {

// The rows that a program wrote.
nlohmann::json rows_of(const std::string& file) { return nlohmann::json::parse(read_file(file)); }

TEST_CASE("esmm-bench metrics sets AUC beside stock LibTorch and its limit") {
  const TemporaryFolder folder;
  const std::string file = (folder / "rows.json").string();
  const Outcome outcome = run({ESMM_BENCH_PROGRAM, "metrics", "--rows", "100000", "--json", file, "--arrays",
                               folder.path().string()});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.out, Catch::Contains("esmm::metrics::auc") && Catch::Contains("auc_ties"));
  CHECK(read_file(folder / "scores.f32").size() == 400'000);
  CHECK(read_file(folder / "labels.f32").size() == 400'000);

  const auto rows = rows_of(file);
  REQUIRE(rows.size() == 6);
  for (size_t i = 0; i < rows.size(); ++i) {
    const auto speed = [&](size_t row) { return rows[row]["samples_per_second"].get<double>(); };
    const size_t first = i / 3 * 3;  // of its case: ours, stock, limit
    CHECK(rows[i]["case"] == (i < 3 ? "auc" : "auc_ties"));
    CHECK(rows[i]["min"].get<double>() > 0);
    CHECK(rows[i]["min"].get<double>() <= speed(i));
    CHECK(speed(i) <= rows[i]["max"].get<double>());
    CHECK(rows[i]["ratio_to_stock"].get<double>() == Approx(speed(i) / speed(first + 1)));
    CHECK(rows[i]["share_of_limit"].get<double>() == Approx(speed(i) / speed(first + 2)));
  }
}

TEST_CASE("esmm-bench prepare sets logs in text beside their limit, and CSV beside Arrow's reader") {
  const TemporaryFolder folder;
  std::string csv = "user,item,tags\n";
  for (int i = 0; i < 1000; ++i) csv += std::to_string(i) + ",x,\n";
  write_file(folder / "log.csv", csv);
  const std::string file = (folder / "rows.json").string();
  const Outcome outcome =
      run({ESMM_BENCH_PROGRAM, "prepare", "--impressions", "3000", "--csv", (folder / "log.csv").string(),
           "--csv-bytes", "100000", "--folder", folder.path().string(), "--json", file});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const auto rows = rows_of(file);
  std::vector<std::string> cases;
  for (const auto& row : rows) {
    cases.push_back(row["case"]);
    CHECK(row["samples_per_second"].get<double>() > 0);
    CHECK(row["share_of_limit"].is_number());
  }
  CHECK(cases == std::vector<std::string>{"prepare_ali_ccp", "prepare_ali_ccp", "prepare_ali_ccp_rows",
                                          "csv_read", "csv_read", "csv_read"});
  CHECK(rows[4]["ratio_to_stock"] == 1.0);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);  // its files are gone
}

TEST_CASE("esmm-bench train sets a step beside stock LibTorch and the towers alone") {
  const TemporaryFolder folder;
  const std::string file = (folder / "rows.json").string();
  const Outcome outcome = run({ESMM_BENCH_PROGRAM, "train", "--cases",      "ids25,ids500_user10",
                               "--batch",          "32",    "--table-rows", "1000",
                               "--dimension",      "2",     "--layers",     "4",
                               "--batches",        "3",     "--steps",      "2",
                               "--json",           file,    "--arrays",     folder.path().string()});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK(read_file(folder / "ids25/rows.i32").size() == 3 * 32 * 25 * 4);
  CHECK(read_file(folder / "ids25/click.f32").size() == 3 * 32 * 4);
  CHECK(nlohmann::json::parse(read_file(folder / "ids500_user10/shape.json"))["user_ids"] == 24);

  const std::string rows_of_batches = read_file(folder / "ids500_user10/rows.i32");
  constexpr size_t kUserBytes = 480 * 4, kBytes = 500 * 4;
  const auto user_of = [&](size_t impression) {
    return rows_of_batches.substr(impression * kBytes, kUserBytes);
  };
  CHECK(user_of(0) == user_of(9));
  CHECK(user_of(9) != user_of(10));

  const auto rows = rows_of(file);
  double limit = 0, stock = 0;  // of the first case
  for (const auto& row : rows) {
    if (row["case"] != "ids25") continue;
    if (row["system"] == "towers alone") limit = row["samples_per_second"];
    if (row["system"] == "stock: dense Adam") stock = row["samples_per_second"];
  }
  const double ours = rows[0]["samples_per_second"];
  CHECK(rows[0]["share_of_limit"].get<double>() == Approx(ours / limit));
  CHECK(rows[0]["ratio_to_stock"].get<double>() == Approx(ours / stock));
  CHECK(rows.back()["case"] == "ids500_user10");
}

TEST_CASE("esmm-bench data sets the loader beside stock LibTorch and training from disk beside memory") {
  const TemporaryFolder folder;
  const std::string file = (folder / "rows.json").string();
  const Outcome outcome = run({ESMM_BENCH_PROGRAM,
                               "data",
                               "--cases",
                               "ids25",
                               "--gigabytes",
                               "0.001",
                               "--folder",
                               folder.path().string(),
                               "--batch",
                               "64",
                               "--table-rows",
                               "1000",
                               "--steps",
                               "2",
                               "--batches",
                               "2",
                               "--window",
                               "100000",
                               "--impressions-per-user",
                               "8",
                               "--json",
                               file});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  CHECK_THAT(outcome.out, Catch::Contains("ids25: 1048576 impressions; anonymous memory"));
  const auto rows = rows_of(file);
  REQUIRE(rows.size() == 6);
  const std::vector<std::string> systems{"esmm::train::Loader",     "torch::data::DataLoader",
                                         "one copy an impression",  "fed from disk",
                                         "fed from the page cache", "batches held in memory"};
  for (size_t i = 0; i < rows.size(); ++i) {
    CHECK(rows[i]["case"] == (i < 3 ? "ids25_loader" : "ids25_train"));
    CHECK(rows[i]["system"] == systems[i]);
  }
  CHECK(rows[0]["ratio_to_stock"].is_number());
  CHECK(rows[3]["share_of_limit"].is_number());
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    CHECK(entry.path().filename() == "rows.json");  // the data set is gone
}

TEST_CASE("esmm-bench ops sets the look-up and the update beside stock LibTorch and the bytes") {
  const TemporaryFolder folder;
  const std::string file = (folder / "rows.json").string();
  const Outcome outcome = run({ESMM_BENCH_PROGRAM, "ops", "--batch", "32", "--table-rows", "1000",
                               "--dimension", "16", "--batches", "2", "--steps", "2", "--json", file});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  int limits = 0, stocks = 0;
  for (const auto& row : rows_of(file)) {
    CHECK(row["samples_per_second"].get<double>() > 0);
    limits += row["system"] == "bytes" && row["share_of_limit"] == 1.0;
    stocks += row["system"].get<std::string>().starts_with("stock: ") && row["ratio_to_stock"] == 1.0;
  }
  CHECK(limits == 4);  // look-up and update, of 25 and of 500 ids
  CHECK(stocks == 4);
}

TEST_CASE("esmm-bench says what it measured on") {
  const TemporaryFolder folder;
  const std::string file = (folder / "rows.json").string();
  const Outcome outcome =
      run({ESMM_BENCH_PROGRAM, "train", "--cases", "towers", "--without-stock", "--batch", "32", "--layers",
           "4", "--batches", "1", "--steps", "1", "--threads", "1", "--json", file});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const auto rows = rows_of(file);
  CHECK(rows.size() == 4);  // both towers and their products, in two precisions
  for (const auto& row : rows) {
    CHECK(row.at("threads") == 1);
    CHECK(row.at("device") == "cpu");
    CHECK((row.at("cpu").is_null() || !row.at("cpu").get<std::string>().empty()));
    CHECK(row.at("cores").get<int>() > 0);
    CHECK(row.at("extensions").is_array());
    CHECK(row.at("version") == ESMM_VERSION);
    CHECK(row.at("libtorch").get<std::string>().starts_with("2."));
  }
}

TEST_CASE("esmm-bench names what it does not know") {
  const Outcome outcome = run({ESMM_BENCH_PROGRAM, "metrics", "--rows", "3"});
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.err, Catch::StartsWith("esmm-bench: ") && Catch::Contains("--rows"));
}

}  // namespace
}  // namespace esmm::test
