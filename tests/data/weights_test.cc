#include <cstring>
#include <limits>

#include <arrow/type.h>
#include <catch2/catch.hpp>

#include "esmm/data/dataset_json.h"
#include "esmm/data/prepare/raw_scorer.h"
#include "tests/data/prepare/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::data::DatasetLayout;
using esmm::test::error_of;
using esmm::test::whole;
using esmm::test::Workshop;
using Floats = std::vector<float>;

namespace {

constexpr const char* kSources = R"(
  sources: [{name: log, paths: log.csv}, {name: orders, paths: orders.csv}]
  joins: [{source: orders, key: order}]
  derived: [{name: dollars, column: cents, divide: 100}]
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  fields: [{name: user}]
  max_rejected: 1
)";

// dwell: of the log; value and dollars: of the joined orders.
void write_logs(const Workshop& shop) {
  shop.write("log.csv",
             "user,order,day,click,buy,dwell\n"
             "u1,a,1,1,1,0.5\n"
             "u2,b,1,1,0,0\n"
             "u3,a,1,0,0,3\n"
             "u1,b,2,0,0,1e-3\n");
  shop.write("orders.csv", "order,value,cents\na,2.25,250\nb,1,99\n");
}

void prepare(const Workshop& shop, const std::string& labels) {
  shop.prepare(kSources + ("  labels: {click: click, conversion: buy" + labels + "}\n"));
}

std::vector<std::string> columns_of(const DatasetLayout& layout) {
  return esmm::data::split_schema(layout)->field_names();
}

std::string bytes(float value) {
  std::string text(sizeof value, '\0');
  std::memcpy(text.data(), &value, sizeof value);
  return text;
}

}  // namespace

TEST_CASE("weights are columns of the log, of a joined source or derived") {
  const Workshop shop;
  write_logs(shop);
  prepare(shop, ", click_weight: dwell, conversion_weight: value");
  {
    const Dataset dataset(shop.out());
    const Batch train = whole(dataset.split("train"));
    CHECK(train.click_weight == Floats{0.5F, 0, 3});
    CHECK(train.conversion_weight == Floats{2.25F, 1, 2.25F});
    CHECK(whole(dataset.split("test")).click_weight == Floats{1e-3F});
    Batch some;
    dataset.split("train").gather(std::vector<int64_t>{2, 0}, some);
    CHECK(some.click_weight == Floats{3, 0.5F});
    CHECK(some.conversion_weight == Floats{2.25F, 2.25F});
  }
  prepare(shop, ", conversion_weight: dollars");
  const Dataset dataset(shop.out());
  const Batch train = whole(dataset.split("train"));
  CHECK(train.click_weight.empty());
  CHECK(train.conversion_weight == Floats{2, 0, 2});
}

TEST_CASE("one column may weigh both tasks") {
  const Workshop shop;
  write_logs(shop);
  prepare(shop, ", click_weight: value, conversion_weight: value");
  const Batch train = whole(Dataset(shop.out()).split("train"));
  CHECK(train.click_weight == Floats{2.25F, 1, 2.25F});
  CHECK(train.conversion_weight == train.click_weight);
}

TEST_CASE("a line whose weight is no finite number from 0 is rejected") {
  const Workshop shop;
  std::string log = "user,order,day,click,buy,dwell\nu1,a,2,0,0,1\n";
  for (const char* dwell : {"0", "", "-0.5", "nan", "inf", "1e39", "much"})
    log += std::string("u1,a,1,1,1,") + dwell + '\n';
  shop.write("log.csv", log + "u1,z,1,1,1,7\nu1,a,1,0,0,3e38\n");
  shop.write("orders.csv", "order,value,cents\na,2,250\n");
  prepare(shop, ", click_weight: dwell, conversion_weight: value");
  CHECK(whole(Dataset(shop.out()).split("train")).click_weight == Floats{0, 3e38F});
  const std::string dwell = ",weight not a finite number >= 0 in column dwell";
  CHECK(esmm::test::rejected_lines(shop.out() / "rejected.csv") ==
        std::vector<std::string>{
            "4" + dwell + ": got '',\"u1,a,1,1,1,\"", "5" + dwell + ": got '-0.5',\"u1,a,1,1,1,-0.5\"",
            "6" + dwell + ": got 'nan',\"u1,a,1,1,1,nan\"", "7" + dwell + ": got 'inf',\"u1,a,1,1,1,inf\"",
            "8" + dwell + ": got '1e39',\"u1,a,1,1,1,1e39\"",
            "9" + dwell + ": got 'much',\"u1,a,1,1,1,much\"",
            "10,weight not a finite number >= 0 in column value: got nan,\"u1,z,1,1,1,7\""});
}

TEST_CASE("a split has a column per weight that the config names, none without") {
  DatasetLayout layout;
  const std::vector<std::string> without{"click", "conversion", "file", "line"};
  CHECK(columns_of(layout) == without);
  CHECK(esmm::data::layout_to_json(layout).find("weight") == std::string::npos);
  layout.info.has_conversion_weight = true;
  std::vector<std::string> with = without;
  with.emplace_back("conversion_weight");
  CHECK(columns_of(layout) == with);
  layout.info.has_click_weight = true;
  with.insert(with.end() - 1, "click_weight");
  CHECK(columns_of(layout) == with);

  const Workshop shop;
  write_logs(shop);
  prepare(shop, "");
  const Batch train = whole(Dataset(shop.out()).split("train"));
  CHECK(train.click_weight.empty());
  CHECK(train.conversion_weight.empty());
}

TEST_CASE("a split whose weights are damaged is refused") {
  const Workshop shop;
  write_logs(shop);
  prepare(shop, ", conversion_weight: value");
  const auto shard = shop.out() / "train/00000.arrow";
  const std::string good = esmm::read_file(shard);
  for (const float bad : {-1.0F, std::numeric_limits<float>::infinity()}) {
    std::string text = good;
    REQUIRE(text.find(bytes(2.25F)) != std::string::npos);
    esmm::write_file(shard, text.replace(text.find(bytes(2.25F)), sizeof bad, bytes(bad)));
    CHECK(error_of([&] { Dataset(shop.out()); }).find("is damaged") != std::string::npos);
  }
}

TEST_CASE("scoring needs neither weights nor a source that only they need") {
  const Workshop shop;
  write_logs(shop);
  const std::string labels =
      "  labels: {click: click, conversion: buy, click_weight: dwell, conversion_weight: value}\n";
  shop.prepare(kSources + labels);
  shop.write("new.csv", "user\nu1\nu9\n");
  std::filesystem::remove(shop.folder / "orders.csv");
  std::vector<int64_t> lines;
  esmm::data::Rejected rejected;
  esmm::data::encode_raw(shop.config(kSources + labels).data, Dataset(shop.out()).info().schema,
                         {{"log", shop.folder / "new.csv"}}, rejected, [&](const auto& chunk) {
                           lines.insert(lines.end(), chunk.lines.begin(), chunk.lines.end());
                         });
  CHECK(lines == std::vector<int64_t>{2, 3});
  CHECK(rejected.counts().empty());
}
