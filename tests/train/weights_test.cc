#include <catch2/catch.hpp>

#include "esmm/train/batches/loader.h"
#include "esmm/train/learner.h"
#include "tests/data/prepare/prepared.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

// Hashed, so that rows of the table do not depend on which impressions there are.
constexpr const char* kData = R"(
  sources: [{name: log, paths: log.csv}]
  split: {by: column, column: day, train: {to: 1}, test: {from: 2}}
  vocabulary: {mode: hashed, hash_bits: 6}
  fields: [{name: user}, {name: item}]
  labels: {click: click, conversion: buy)";

// The terms of some steps on all training impressions at once, read through the loader.
std::vector<double> losses(const std::string& method, const std::string& weights, const std::string& rows) {
  const test::Workshop shop;
  shop.write("log.csv", "user,item,day,click,buy,a,b\n" + rows + "u1,i1,2,1,0,1,1\n");
  shop.prepare(kData + weights + "}\n");
  const data::Dataset dataset(shop.out());
  const Schema& schema = dataset.info().schema;
  Config config = test::small_config("");
  config.model.method = method;
  Learner learner(make_method(config.model, {.table_rows = dataset.info().table_rows, .schema = schema}, 1),
                  config.train);
  Loader loader(dataset.split("train"), {.batch_size = 100, .last_step = 3}, torch::Device(torch::kCPU));
  std::vector<double> terms;
  for (int64_t step = 0; const auto batch = loader.next(); ++step) {
    for (const auto& [name, term] : learner.step(*batch, step, 1.0)) terms.push_back(term.item<double>());
  }
  return terms;
}

void check_same(const std::vector<double>& terms, const std::vector<double>& expected) {
  REQUIRE(terms.size() == expected.size());
  for (size_t i = 0; i < terms.size(); ++i) CHECK(terms[i] == Approx(expected[i]).epsilon(1e-5));
}

}  // namespace

TEST_CASE("an impression of weight 0 is as if it were not there, one of weight 2 as if there twice") {
  const std::string weighted =
      "u1,i1,1,1,1,1,1\n"
      "u2,i2,1,1,0,0,0\n"
      "u3,i1,1,0,0,2,2\n"
      "u1,i3,1,1,0,2,2\n"
      "u2,i3,1,0,0,1,1\n";
  const std::string repeated =
      "u1,i1,1,1,1,1,1\n"
      "u3,i1,1,0,0,1,1\n"
      "u3,i1,1,0,0,1,1\n"
      "u1,i3,1,1,0,1,1\n"
      "u1,i3,1,1,0,1,1\n"
      "u2,i3,1,0,0,1,1\n";
  for (const char* method : {"esmm", "base"}) {
    INFO(method);
    const std::vector<double> expected = losses(method, "", repeated);
    REQUIRE(expected.size() == 6);  // 3 steps of 2 terms
    check_same(losses(method, ", click_weight: a, conversion_weight: b", weighted), expected);
    CHECK(losses(method, "", weighted)[0] != Approx(expected[0]).epsilon(1e-5));
  }
}

TEST_CASE("each weight weighs its own task") {
  const std::string rows =
      "u1,i1,1,1,1,1,3\n"
      "u2,i2,1,0,0,5,1\n"
      "u3,i1,1,1,0,1,1\n";
  const std::vector<double> neither = losses("esmm", "", rows);
  const std::vector<double> click = losses("esmm", ", click_weight: a", rows);
  const std::vector<double> conversion = losses("esmm", ", conversion_weight: b", rows);
  CHECK(click[0] != Approx(neither[0]).epsilon(1e-5));  // ctr
  CHECK(click[1] == Approx(neither[1]).epsilon(1e-9));  // ctcvr, in the first step
  CHECK(conversion[0] == Approx(neither[0]).epsilon(1e-9));
  CHECK(conversion[1] != Approx(neither[1]).epsilon(1e-5));
}

}  // namespace esmm::train
