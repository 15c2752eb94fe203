#include "esmm/data/scores.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/data/raw/raw_reader.h"
#include "tests/data/raw/raw_rows.h"
#include "tests/support/temporary_folder.h"

using esmm::data::ScoreChunk;
using esmm::data::ScoreWriter;
using esmm::test::TemporaryFolder;

namespace {

ScoreChunk chunk(std::vector<std::string> ids, std::vector<int64_t> lines, std::vector<float> p,
                 std::vector<double> q) {
  ScoreChunk result;
  result.add("id", std::move(ids));
  result.add("line", std::move(lines));
  result.add("pctr", std::move(p));
  result.add("truth", std::move(q));
  return result;
}

}  // namespace

TEST_CASE("scores as CSV have one header and numbers that read back equal") {
  const TemporaryFolder folder;
  ScoreWriter writer(folder / "deep/scores.csv");
  writer.add(chunk({"a", "b,\"c\""}, {2, 3}, {0.1f, 1e-20f}, {0.1, 1.0}));
  writer.add(chunk({"d"}, {9'000'000'000}, {0.5f}, {1.0 / 3}));
  CHECK_FALSE(std::filesystem::exists(folder / "deep/scores.csv"));
  writer.close();
  CHECK(esmm::read_file(folder / "deep/scores.csv") ==
        "id,line,pctr,truth\na,2,0.1,0.1\n\"b,\"\"c\"\"\",3,1e-20,1\nd,9000000000,0.5,0.3333333333333333\n");
}

TEST_CASE("scores as Parquet read back") {
  const TemporaryFolder folder;
  ScoreWriter writer(folder / "scores.parquet");
  writer.add(chunk({"a"}, {2}, {0.25f}, {0.1}));
  writer.add(chunk({"b"}, {3}, {0.5f}, {0.2}));
  writer.close();
  esmm::data::Rejected rejected;
  esmm::SourceConfig source;
  source.name = "scores";
  source.paths = {folder / "scores.parquet"};
  const auto rows =
      esmm::test::read_all(*esmm::data::open_source(source, {"id", "line", "pctr", "truth"}), rejected);
  CHECK(esmm::test::as_lines(rows) == std::vector<std::string>{"a|2|0.25|0.1", "b|3|0.5|0.2"});
}

TEST_CASE("scores that are not closed leave nothing, and another extension is refused") {
  const TemporaryFolder folder;
  { ScoreWriter(folder / "scores.csv").add(chunk({"a"}, {2}, {0.25f}, {0.1})); }
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THROWS_AS(ScoreWriter(folder / "scores.txt"), esmm::ConfigError);
}

TEST_CASE("scores replace scores, and no other file") {
  const TemporaryFolder folder;
  for (const std::string name : {"scores.csv", "scores.parquet"}) {
    for (int64_t line : {2, 3}) {
      ScoreChunk scores;
      scores.add("line", std::vector<int64_t>{line});
      scores.add("pctcvr", std::vector<float>{0.5F});
      ScoreWriter writer(folder / name);
      writer.add(scores);
      writer.close();
    }
  }
  CHECK(esmm::read_file(folder / "scores.csv") == "line,pctcvr\n3,0.5\n");
  for (const std::string name : {"log.csv", "log.parquet"}) {
    esmm::write_file(folder / name, "user,click\nu1,1\n");
    CHECK_THROWS_WITH(ScoreWriter(folder / name), Catch::Contains("is there already and holds no scores"));
    CHECK(esmm::read_file(folder / name) == "user,click\nu1,1\n");
  }
}
