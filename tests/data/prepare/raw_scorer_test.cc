#include "esmm/data/prepare/raw_scorer.h"

#include <catch2/catch.hpp>

#include "tests/data/prepare/prepared.h"

using esmm::KeyBags;
using esmm::data::Dataset;
using esmm::data::encode_raw;
using esmm::data::KeyedChunk;
using esmm::data::Rejected;
using esmm::test::Workshop;

namespace {

constexpr const char* kNewLog =
    "id,user,item,time,day,click,buy\n"
    "a,u1,01,900,1,1,1\n"
    "b,u2,2,1530,1,0,0\n"
    "c,u1,3,0,2,1,0\n"
    "d,u9,1,100,2,1,0\n";

constexpr const char* kNewUsers = "user,city,seen,times\nu1,Rom,1 2,0.5 2\nu2,Oslo,,\n";

constexpr const char* kScorerConfig = R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user}]
  derived: [{name: hour, column: time, divide: 100}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  id: id
  fields:
    - {name: city}
    - {name: item, type: integer}
    - {name: hour, type: integer}
    - {name: seen, kind: multi, type: integer, separator: " ", weights: times, shares: item}
    - {name: city_item, kind: crossed, cross: [city, item]}
    - {name: price, column: time, kind: numeric, buckets: {method: quantiles, count: 2}}
)";

struct Scored {
  KeyBags keys;
  std::vector<std::string> ids;
  std::vector<int64_t> lines;
};

Scored score(const Workshop& shop, const std::map<std::string, std::filesystem::path>& files,
             Rejected& rejected) {
  const Dataset dataset(shop.out());
  Scored all;
  encode_raw(
      shop.config(kScorerConfig).data, dataset.info().schema, files, rejected, [&](const KeyedChunk& chunk) {
        REQUIRE(chunk.keys.bags() == chunk.rows * 6);
        for (int64_t bag = 0; bag < chunk.keys.bags(); ++bag) {
          for (int64_t i = chunk.keys.offsets[bag]; i < chunk.keys.offsets[bag + 1]; ++i) {
            all.keys.push(chunk.keys.ids[i], chunk.keys.weights.empty() ? 1.0f : chunk.keys.weights[i]);
          }
          all.keys.close_bag();
        }
        all.ids.insert(all.ids.end(), chunk.ids.begin(), chunk.ids.end());
        all.lines.insert(all.lines.end(), chunk.lines.begin(), chunk.lines.end());
      });
  return all;
}

Workshop& prepared(Workshop& shop) {
  shop.write("log.csv", kNewLog);
  shop.write("users.csv", kNewUsers);
  shop.prepare(kScorerConfig);
  return shop;
}

}  // namespace

TEST_CASE("keys of raw files are those that prepare made rows of") {
  Workshop shop;
  prepared(shop);
  Rejected rejected;
  const Scored scored =
      score(shop, {{"log", shop.folder / "log.csv"}, {"users", shop.folder / "users.csv"}}, rejected);
  CHECK(scored.ids == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(scored.lines == std::vector<int64_t>{2, 3, 4, 5});
  const Dataset dataset(shop.out());
  const esmm::RowBags rows = dataset.vocabulary().rows_of(scored.keys);
  const esmm::Batch train = esmm::test::whole(dataset.split("train")),
                    test = esmm::test::whole(dataset.split("test"));
  std::vector<int32_t> ids = train.bags.ids;
  ids.insert(ids.end(), test.bags.ids.begin(), test.bags.ids.end());
  std::vector<float> weights = train.bags.weights;
  weights.insert(weights.end(), test.bags.weights.begin(), test.bags.weights.end());
  CHECK(rows.ids == ids);
  CHECK(rows.weights == weights);
}

TEST_CASE("joined sources that are not given are read where the config has them, labels are not needed") {
  Workshop shop;
  prepared(shop);
  shop.write("new.csv", "id,user,item,time\nx,u2,1,900\ny,u1,oops,900\n");
  Rejected rejected;
  const Scored scored = score(shop, {{"log", shop.folder / "new.csv"}}, rejected);
  CHECK(scored.ids == std::vector<std::string>{"x"});
  CHECK(rejected.counts() == std::map<std::string, int64_t>{{"bad number in column item", 1}});
}

TEST_CASE("one joined table has a column per field, by the field's or its raw column's name") {
  Workshop shop;
  prepared(shop);
  Rejected rejected;
  const Scored split = score(shop, {{"log", shop.folder / "log.csv"}}, rejected);
  shop.write("table.csv",
             "city,item,hour,seen,times,time\n"
             "Rom,1,9,1 2,0.5 2,900\n"
             "Oslo,2,15,,,1530\n"
             "Rom,3.0,0,1 2,0.5 2,0\n"
             ",1,1,,,100\n");
  const Scored joined = score(shop, {{"", shop.folder / "table.csv"}}, rejected);
  CHECK(joined.keys.ids == split.keys.ids);
  CHECK(joined.keys.offsets == split.keys.offsets);
  CHECK(joined.keys.weights == split.keys.weights);
  CHECK(joined.ids.empty());
  shop.write("table.csv",
             "city,item,time,seen,seen__weights,price\n"
             "Rom,1,900,1 2,0.5 2,900\n");
  const Scored renamed = score(shop, {{"", shop.folder / "table.csv"}}, rejected);
  CHECK(renamed.keys.ids == std::vector<int64_t>(split.keys.ids.begin(), split.keys.ids.begin() + 7));
}

TEST_CASE("one joined table is parted as the impressions of the training were") {
  Workshop shop;
  prepared(shop);
  esmm::Config config = shop.config(kScorerConfig);
  std::swap(config.data.sources[0], config.data.sources[1]);  // a joined one first
  config.data.sources[1].delimiter = ";";
  shop.write("table.csv", "city;item;hour;seen;times;time\nRom;1;9;1 2;0.5 2;900\n");
  Rejected rejected;
  int64_t rows = 0;
  encode_raw(config.data, Dataset(shop.out()).info().schema, {{"", shop.folder / "table.csv"}}, rejected,
             [&](const KeyedChunk& chunk) { rows += chunk.rows; });
  CHECK(rows == 1);
}

TEST_CASE("a source that the model does not have, or a missing file or column, is an error") {
  Workshop shop;
  prepared(shop);
  Rejected rejected;
  CHECK_THROWS_WITH(score(shop, {{"logs", "log.csv"}}, rejected), Catch::Contains("did you mean \"log\""));
  CHECK_THROWS_WITH(score(shop, {{"log", shop.folder / "none.csv"}}, rejected),
                    Catch::Contains("no such file"));
  shop.write("short.csv", "id,user,item\n");
  CHECK_THROWS_WITH(score(shop, {{"log", shop.folder / "short.csv"}}, rejected),
                    Catch::Contains("no source has a column \"time\""));
  CHECK_THROWS_WITH(
      score(shop, {{"users", shop.folder / "users.csv"}}, rejected),
      Catch::Contains("no source of impressions is given: expected log; add --source log=FILE"));
  CHECK_THROWS_WITH(score(shop, {{"log", shop.folder / "log.csv"}, {"users", "none.csv"}}, rejected),
                    Catch::Contains("none.csv: source users: no such file"));
  CHECK_THROWS_WITH(score(shop, {{"", shop.folder / "log.csv"}}, rejected),
                    Catch::Contains("no source has a column \"city\"") &&
                        Catch::Contains("given as --source log=FILE --source users=FILE"));
  std::filesystem::remove(shop.folder / "users.csv");
  CHECK_THROWS_WITH(
      score(shop, {{"log", shop.folder / "log.csv"}}, rejected),
      Catch::Contains("users.csv: source users is not given, and is not where it was at the training; "
                      "add --source users=FILE"));
}

TEST_CASE("a file without impressions gives one chunk of no rows, and the lines of each source are told") {
  Workshop shop;
  prepared(shop);
  shop.write("new.csv", "id,user,item,time\n");
  const Dataset dataset(shop.out());
  Rejected rejected;
  int chunks = 0;
  const auto counts = encode_raw(shop.config(kScorerConfig).data, dataset.info().schema,
                                 {{"log", shop.folder / "new.csv"}}, rejected, [&](const KeyedChunk& chunk) {
                                   ++chunks;
                                   CHECK((chunk.rows == 0 && chunk.has_ids && chunk.ids.empty()));
                                   CHECK(chunk.keys.bags() == 0);
                                 });
  CHECK(chunks == 1);
  REQUIRE(counts.sources.size() == 2);
  CHECK((counts.sources[0].source == "users" && counts.sources[0].read == 2));
  CHECK((counts.sources[1].source == "log" && counts.sources[1].read == 0));
}

TEST_CASE("impressions that find no row in a joined source are counted") {
  Workshop shop;
  prepared(shop);
  shop.write("new.csv", "id,user,item,time\nx,u2,1,900\ny,u8,1,900\nz,,1,900\n");
  Rejected rejected;
  const auto counts = encode_raw(shop.config(kScorerConfig).data, Dataset(shop.out()).info().schema,
                                 {{"log", shop.folder / "new.csv"}}, rejected, [](const KeyedChunk&) {});
  CHECK(counts.unmatched == std::map<std::string, int64_t>{{"users", 2}});
}

TEST_CASE("impressions of several files say which file they are of") {
  Workshop shop;
  prepared(shop);
  shop.write("new_1.csv", "id,user,item,time\nx,u2,1,900\ny,u1,1,900\n");
  shop.write("new_2.csv", "id,user,item,time\nz,u2,1,900\n");
  const Dataset dataset(shop.out());
  Rejected rejected;
  std::vector<std::string> read;
  encode_raw(shop.config(kScorerConfig).data, dataset.info().schema, {{"log", shop.folder / "new_*.csv"}},
             rejected, [&](const KeyedChunk& chunk) {
               for (const int64_t line : chunk.lines)
                 read.push_back(chunk.file.filename().string() + ":" + std::to_string(line));
             });
  CHECK(read == std::vector<std::string>{"new_1.csv:2", "new_1.csv:3", "new_2.csv:2"});
}
