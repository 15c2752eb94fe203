// prepare on the logs that people have: KuaiRand's files, and Ali-CCP's layout at size.
#include "esmm/data/prepare/prepare.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "esmm/core/random.h"
#include "esmm/features/field_encoder.h"
#include "tests/data/prepare/prepared.h"

using esmm::Batch;
using esmm::data::Dataset;
using esmm::data::SplitCounts;
using esmm::test::Workshop;

namespace {

void check_counts(const SplitCounts& counts, int64_t impressions, int64_t clicks, int64_t conversions) {
  CHECK(counts.impressions == impressions);
  CHECK(counts.clicks == clicks);
  CHECK(counts.conversions == conversions);
}

// What an Ali-CCP row should give: per field the texts and weights.
struct Expected {
  std::vector<std::vector<std::pair<std::string, float>>> fields;
  bool click = false, conversion = false;
};

std::string features(const std::vector<std::pair<std::string, std::pair<std::string, float>>>& list) {
  std::string text = fmt::format("{}", list.size());
  char before = ',';
  for (const auto& [field, value] : list) {
    text += fmt::format("{}{}\x02{}\x03{}", before, field, value.first, value.second);
    before = '\x01';
  }
  return text;
}

}  // namespace

TEST_CASE("KuaiRand gives its published counts, the same bytes twice") {
  const auto folder = esmm::test::sample_data() / "kuairand-pure";
  if (!std::filesystem::exists(folder)) {
    WARN("skipped: no KuaiRand data; set ESMM_DATA");
    return;
  }
  const Workshop shop;
  const std::string data = fmt::format(R"(
  sources:
    - {{name: log, paths: "{0}/log_standard_*.csv"}}
    - {{name: users, paths: "{0}/user_features_pure.csv"}}
    - {{name: videos, paths: "{0}/video_features_basic_pure.csv"}}
    - {{name: history, paths: "{0}/user_history_before_20220425.csv"}}
  joins:
    - {{source: users, key: user_id, required: true}}
    - {{source: videos, key: video_id, required: true}}
    - {{source: history, key: user_id}}
  derived: [{{name: hour, column: hourmin, divide: 100}}]
  labels: {{click: is_click, conversion: long_view, conversion_requires_click: true}}
  split: {{by: column, column: date, train: {{to: 20220504}}, test: {{from: 20220505}}}}
  group_by: user_id
  vocabulary: {{min_frequency: 2}}
  fields:
    - {{names: [user_id, onehot_feat3, onehot_feat4], type: integer, side: user}}
    - {{name: user_active_degree, side: user}}
    - {{names: [video_id, author_id, music_id, music_type], type: integer, side: item}}
    - {{name: watched, column: watch_seq, kind: multi, separator: " ", shares: video_id, side: user}}
    - {{name: tag, kind: multi, separator: ",", side: item}}
    - {{name: duration, column: video_duration, kind: numeric, side: item, buckets: {{method: log2, steps: 2}}}}
    - {{names: [tab, hour], type: integer}}
)",
                                       folder.string());
  const auto report = shop.prepare(data);
  check_counts(report.splits.at("train"), 171'671, 76'099, 53'375);
  check_counts(report.splits.at("test"), 56'658, 24'801, 17'338);
  CHECK(report.conversions_without_click == 250);
  CHECK(report.lines_read == 228'329);
  CHECK(report.rejected.empty());
  const auto first = esmm::test::bytes_of(shop.out());
  shop.prepare(data);
  CHECK(esmm::test::bytes_of(shop.out()) == first);
}

TEST_CASE("100,000 rows in Ali-CCP's layout come back with their fields and weights") {
  const Workshop shop;
  esmm::Random random(7);
  const std::vector<std::string> names{"101", "109_14", "205", "210", "508"};
  std::vector<std::vector<std::pair<std::string, float>>> profile[2];  // per user: fields 101 and 109_14
  std::string common;
  for (int user = 0; user < 2; ++user) {
    profile[user] = {{{std::to_string(user + 10), 1.0f}}, {}};
    std::vector<std::pair<std::string, std::pair<std::string, float>>> list{{"101", profile[user][0][0]}};
    for (int i = 0; i < 20 * (user + 1); ++i) {
      profile[user][1].emplace_back(std::to_string(1000 + i), static_cast<float>(random.uniform()));
      list.push_back({"109_14", profile[user][1].back()});
    }
    common += fmt::format("c{},{}\n", user, features(list));
  }
  shop.write("common.csv", common);
  std::vector<Expected> rows;
  std::string log;
  for (int i = 0; i < 100'000; ++i) {
    const auto user = static_cast<size_t>(random.below(2));
    Expected row{
        .fields = {profile[user][0], profile[user][1], {{std::to_string(random.below(500)), 1.0f}}, {}, {}},
        .click = random.below(4) == 0};
    row.conversion = row.click && random.below(3) == 0;
    std::vector<std::pair<std::string, std::pair<std::string, float>>> list{{"205", row.fields[2][0]}};
    for (uint64_t n = random.below(5); n > 0; --n) {
      row.fields[3].emplace_back(std::to_string(random.below(50)), 1.0f);
      list.push_back({"210", row.fields[3].back()});
    }
    for (uint64_t n = random.below(2); n > 0; --n) {
      row.fields[4].emplace_back(std::to_string(random.below(50)), static_cast<float>(random.uniform() * 10));
      list.push_back({"508", row.fields[4].back()});
    }
    log += fmt::format("{},{:d},{:d},c{},{}\n", i + 1, row.click, row.conversion, user, features(list));
    rows.push_back(std::move(row));
  }
  shop.write("skeleton.csv", log);
  shop.write("test.csv",
             "1,0,0,c0,1,205\x02"
             "5\x03"
             "1.0\n2,0,0,c7,1,205\x02"
             "5\x03"
             "1.0\n");

  const auto report = shop.prepare(R"(
  sources:
    - {name: train, format: ali_ccp, split: train, paths: skeleton.csv, common: common.csv}
    - {name: test, format: ali_ccp, split: test, paths: test.csv, common: common.csv}
  labels: {click: click, conversion: conversion}
  split: {by: source}
  group_by: common_index
  max_rejected: 0.5
  fields:
    - {name: "101", side: user}
    - {name: "109_14", kind: multi, weights: "109_14__weights", side: user}
    - {name: "205", side: item}
    - {name: "210", kind: multi, side: item}
    - {name: "508", kind: multi, weights: "508__weights"}
)");
  CHECK(report.rejected == std::map<std::string, int64_t>{{"unknown common index", 1}});
  const Dataset dataset(shop.out());
  const esmm::Schema& schema = dataset.info().schema;
  const esmm::Vocabulary vocabulary = dataset.vocabulary();
  const Batch batch = esmm::test::whole(dataset.split("train"));
  REQUIRE(batch.size == 100'000);
  int64_t wrong = 0, bag = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    wrong += (batch.click[i] == 1.0f) != rows[i].click || (batch.conversion[i] == 1.0f) != rows[i].conversion;
    for (int64_t f = 0; f < 5; ++f, ++bag) {
      const auto& values = rows[i].fields[f];
      const int64_t begin = batch.bags.offsets[bag];
      if (batch.bags.offsets[bag + 1] - begin != static_cast<int64_t>(values.size())) {
        ++wrong;
        continue;
      }
      for (size_t v = 0; v < values.size(); ++v) {
        const int32_t row = vocabulary.row_of(esmm::feature_key(values[v].first, schema.seed_of(f)), f);
        wrong += batch.bags.ids[begin + v] != row || batch.bags.weights[begin + v] != values[v].second;
      }
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("the common features of two Ali-CCP sources are kept apart") {
  const Workshop shop;
  shop.write("a.csv",
             "1,1,1,c,1,205\x02"
             "1\x03"
             "1.0\n2,0,0,c,1,205\x02"
             "1\x03"
             "1.0\n");
  shop.write("b.csv",
             "1,0,0,c,1,205\x02"
             "1\x03"
             "1.0\n");
  shop.write("common_a.csv",
             "c,1,101\x02"
             "7\x03"
             "1.0\n");
  shop.write("common_b.csv",
             "c,1,101\x02"
             "8\x03"
             "1.0\n");
  shop.write("truth.csv", "sample_id,p_ctr,p_cvr\n1,0.5,0.25\n2,0.125,1\n");
  shop.prepare(R"(
  sources:
    - {name: train, format: ali_ccp, split: train, paths: a.csv, common: common_a.csv}
    - {name: test, format: ali_ccp, split: test, paths: b.csv, common: common_b.csv}
    - {name: truth, paths: truth.csv}
  joins: [{source: truth, key: sample_id, required: true}]
  labels: {click: click, conversion: conversion}
  truth: {p_ctr: p_ctr, p_cvr: p_cvr}
  split: {by: source}
  fields: [{name: "101", side: user}, {name: "205", side: item}]
)");
  const Dataset dataset(shop.out());
  const Batch train = esmm::test::whole(dataset.split("train")),
              test = esmm::test::whole(dataset.split("test"));
  CHECK(train.bags.ids[0] < 2);  // known
  CHECK(test.bags.ids[0] == 2);  // 8 is only the test user's
  CHECK(test.bags.ids[1] == train.bags.ids[1]);
  CHECK(dataset.split("train").p_ctr() == std::vector<double>{0.5, 0.125});
  CHECK(dataset.split("train").p_cvr() == std::vector<double>{0.25, 1});
}
