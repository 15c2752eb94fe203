#include "esmm/data/prepare/prepare_options.h"

#include <catch2/catch.hpp>

#include <string>

#include "tests/data/prepare/prepared.h"

using esmm::Interrupted;
using esmm::data::PrepareOptions;

TEST_CASE("prepare that is interrupted at any time leaves the folder as it was") {
  const esmm::test::Workshop workshop;
  workshop.write("log.csv", "user,price,day,click,buy\nu1,1,1,1,1\nu2,2,1,0,0\nu1,3,2,1,0\n");
  workshop.write("users.csv", "user,city\nu1,Rom\nu2,Oslo\n");
  const std::string data = R"(
  sources: [{name: log, paths: log.csv}, {name: users, paths: users.csv}]
  joins: [{source: users, key: user}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: price, kind: numeric, buckets: {method: quantiles, count: 2}}, {name: city}]
)";
  const auto files = [&] { return esmm::test::bytes_of(workshop.folder.path()); };
  auto before = files();
  size_t entries = 2;
  for (int round = 0; round < 2; ++round) {  // without and with an older data set
    int asked = 0, allowed = 0;
    PrepareOptions options{.threads = 2, .stop = [&] { return ++asked > allowed; }};
    // Both sources for the quantiles, both again, then the table's batch and those of the splits.
    for (; allowed < 7; ++allowed) {
      asked = 0;
      INFO("stopped at question " << allowed);
      CHECK_THROWS_AS(workshop.prepare(data, options), Interrupted);
      CHECK(files() == before);
      CHECK(esmm::glob(workshop.folder / "*").size() == entries);
    }
    asked = 0;
    CHECK(workshop.prepare(data, options).lines_read == 3);
    before = files();
    entries = 3;
  }
}
