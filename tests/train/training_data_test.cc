#include "esmm/train/training_data.h"

#include <catch2/catch.hpp>

#include "tests/data/prepare/prepared.h"

namespace esmm::train {
namespace {

constexpr const char* kLogs = R"(
  sources: [{name: log, paths: log.csv}]
  labels: {click: click, conversion: buy}
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: item}, {name: user}]
)";

TEST_CASE("a data set's section data is taken over, but for its path and placement") {
  const test::Workshop shop;
  shop.write("log.csv", "item,user,day,click,buy\n1,2,1,1,1\n1,2,1,0,0\n3,4,2,0,0\n");
  shop.prepare(kLogs);
  Config config = shop.config(kLogs);
  config.data.placement = Placement::device;
  config.data.max_rejected = 0.5;  // no matter to the data set
  const Config taken = with_data_of(data::Dataset(shop.out()), config);
  CHECK(taken.data.path == shop.out());
  CHECK(taken.data.placement == Placement::device);
  CHECK(taken.data.max_rejected == shop.config(kLogs).data.max_rejected);
}

TEST_CASE("a data set whose schema names other fields than the config that it was made with is refused") {
  const test::Workshop shop;
  shop.write("log.csv", "item,user,day,click,buy\n1,2,1,1,1\n1,2,1,0,0\n3,4,2,0,0\n");
  shop.prepare(kLogs);
  const auto file = shop.out() / "dataset.json";
  std::string text = read_file(file);
  const std::string name = "\"name\": \"item\"";
  REQUIRE(text.find(name) != std::string::npos);
  write_file(file, text.replace(text.find(name), name.size(), "\"name\": \"itme\""));
  CHECK(
      test::error_of([&] { with_data_of(data::Dataset(shop.out()), shop.config(kLogs)); }) ==
      file.string() +
          ": schema: its fields are not those of the config beside it: expected item, user, got itme, user; "
          "prepare the data set again");
}

}  // namespace
}  // namespace esmm::train
