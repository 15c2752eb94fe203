#include "esmm/predict/predictor.h"

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/export/export.h"
#include "esmm/export/sample_bags.h"
#include "tests/export/tiny_run.h"
#include "tests/support/temporary_folder.h"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

namespace esmm {
using exporting::sample_keys;
using test::score;
using test::tiny_run;

namespace {

Predictor exported(const train::Run& run) {
  const test::TemporaryFolder folder;
  exporting::export_model(run, folder / "model.pt");
  return Predictor(folder / "model.pt");
}

bool near(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= 1e-6f)) return false;
  }
  return true;
}

void check_near(const Prediction& got, const train::Scores& expected) {
  CHECK(near(got.p_ctr, expected.p_ctr));
  CHECK(near(got.p_cvr, expected.p_cvr));
  CHECK(near(got.p_ctcvr, expected.p_ctcvr));
}

// Bags of some fields of each impression.
KeyBags select(const KeyBags& keys, const std::vector<int64_t>& fields, int64_t all_fields, int64_t begin,
               int64_t end) {
  KeyBags out;
  for (int64_t b = begin; b < end; ++b) {
    for (const int64_t field : fields) {
      const int64_t bag = b * all_fields + field;
      for (int64_t i = keys.offsets[bag]; i < keys.offsets[bag + 1]; ++i) {
        out.push(keys.ids[i], keys.weights.empty() ? 1.0f : keys.weights[i]);
      }
      out.close_bag();
    }
  }
  return out;
}

}  // namespace

TEST_CASE("The Predictor scores keys as the trained model does") {
  for (const char* method : {"esmm", "base"}) {
    for (const VocabularyMode mode : {VocabularyMode::exact, VocabularyMode::hashed}) {
      const train::Run run = tiny_run({.method = method, .mode = mode});
      const KeyBags keys =
          sample_keys(run.schema, run.vocabulary, 5000, /*seed=*/3);  // more than are scored at once
      check_near(exported(run).score(keys), score(run, keys));
    }
  }
}

TEST_CASE("The Predictor scores keys without weights, empty bags, and no impressions") {
  const train::Run run = tiny_run();
  const Predictor predictor = exported(run);
  KeyBags keys = sample_keys(run.schema, run.vocabulary, 100, /*seed=*/4);
  keys.weights.clear();
  check_near(predictor.score(keys), score(run, keys));
  const KeyBags empty{.offsets = {0, 0, 0, 0, 0, 0}, .ids = {}, .weights = {}};
  check_near(predictor.score(empty), score(run, empty));
  CHECK(predictor.score({}).p_ctr.empty());
}

TEST_CASE("rank scores one user's items as score does") {
  for (const char* method : {"esmm", "base"}) {
    const train::Run run = tiny_run({.method = method});
    const Predictor predictor = exported(run);
    const KeyBags keys = sample_keys(run.schema, run.vocabulary, 3000, /*seed=*/8);
    const KeyBags user = select(keys, {0, 2}, 5, 17, 18), items = select(keys, {1, 3, 4}, 5, 0, 3000);

    KeyBags joined;
    for (int64_t b = 0; b < 3000; ++b) {
      for (const auto& [source, field, bag] :
           std::vector<std::tuple<const KeyBags*, int64_t, int64_t>>{{&user, 0, 0},
                                                                     {&items, 1, b * 3},
                                                                     {&user, 2, 1},
                                                                     {&items, 3, b * 3 + 1},
                                                                     {&items, 4, b * 3 + 2}}) {
        for (int64_t i = source->offsets[bag]; i < source->offsets[bag + 1]; ++i) {
          joined.push(source->ids[i], source->weights.empty() ? 1.0f : source->weights[i]);
        }
        joined.close_bag();
      }
    }
    check_near(predictor.rank(user, items), score(run, joined));
    CHECK(predictor.rank(user, {}).p_ctr.empty());
  }
}

TEST_CASE("rank needs one user, and a model with fields of both sides") {
  const train::Run run = tiny_run();
  const KeyBags keys = sample_keys(run.schema, run.vocabulary, 2, /*seed=*/8);
  const KeyBags users = select(keys, {0, 2}, 5, 0, 2), items = select(keys, {1, 3, 4}, 5, 0, 2);
  CHECK_THROWS_WITH(exported(run).rank(users, items), Catch::Contains("user: expected one user: got 2"));
  CHECK_THROWS_WITH(exported(run).rank(items, items),
                    Catch::Contains("user: wrong number of bags: expected a multiple of 2 fields, got 6") ||
                        Catch::Contains("expected one user"));
  const auto all_items = [](Schema& schema) {
    for (Field& field : schema.fields) field.side = Side::item;
  };
  CHECK_THROWS_WITH(exported(tiny_run({.change_schema = all_items})).rank(users, items),
                    Catch::Contains("cannot rank"));
}

TEST_CASE("Bags that do not fit are refused") {
  const Predictor predictor = exported(tiny_run());
  const auto score = [&](std::vector<int64_t> offsets, std::vector<float> weights = {}) {
    return predictor.score({.offsets = std::move(offsets), .ids = {1, 2}, .weights = std::move(weights)});
  };
  CHECK_NOTHROW(score({0, 1, 1, 1, 2, 2}));
  CHECK_THROWS_WITH(score({0, 1, 1, 1, 2}),
                    Catch::Contains("wrong number of bags: expected a multiple of 5 fields, got 4"));
  CHECK_THROWS_WITH(score({0, 1, 1, 1, 1, 1}), Catch::Contains("wrong offsets"));
  CHECK_THROWS_WITH(score({1, 1, 1, 1, 2, 2}), Catch::Contains("wrong offsets"));
  CHECK_THROWS_WITH(score({0, 2, 1, 1, 2, 2}), Catch::Contains("wrong offsets"));
  CHECK_THROWS_AS(score({}), Error);
  CHECK_THROWS_WITH(score({0, 1, 1, 1, 2, 2}, {1.0f}),
                    Catch::Contains("wrong number of weights: expected 2, got 1"));
}

TEST_CASE("Raw values become the keys that the contract names") {
  const train::Run run = tiny_run();
  const Predictor predictor = exported(run);
  const std::array<std::string_view, 1> user{"u1"}, hour{"18"}, item{"i4"};
  const std::array<std::string_view, 2> history{"i2", "i3"};
  const std::array<float, 2> seconds{30.0f, 10.0f};
  const std::array<RawBag, 5> raw{{{user, {}}, {hour, {}}, {history, seconds}, {item, {}}, {}}};
  KeyBags keys;
  std::string why;
  REQUIRE(predictor.encoder().append(raw, keys, why));

  // 18 lies in bucket 2 of the edges 6 and 18; history shares the seed of item.
  const auto key = [](const char* text, const char* field) {
    return feature_key(text, static_cast<uint64_t>(feature_key(field, 0)));
  };
  CHECK(keys.ids == std::vector<int64_t>{key("u1", "user"), key("2", "hour"), key("i2", "item"),
                                         key("i3", "item"), key("i4", "item")});
  CHECK(keys.offsets == std::vector<int64_t>{0, 1, 2, 4, 5, 5});
  CHECK(keys.weights == std::vector<float>{1, 1, 30, 10, 1});
  check_near(predictor.score(keys), score(run, keys));
}

TEST_CASE("Several threads may score at once") {
  const train::Run run = tiny_run();
  const Predictor predictor = exported(run);
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < 50; ++round) {
        const KeyBags keys = sample_keys(run.schema, run.vocabulary, 1 + round, /*seed=*/100 * t + round);
        const KeyBags user = select(keys, {0, 2}, 5, 0, 1), items = select(keys, {1, 3, 4}, 5, 0, 1);
        const Prediction one_by_one = predictor.score(select(keys, {0, 1, 2, 3, 4}, 5, 0, 1));
        const Prediction all = predictor.score(keys);
        if (!near({all.p_ctcvr[0]}, one_by_one.p_ctcvr) ||
            !near(predictor.rank(user, items).p_cvr, one_by_one.p_cvr))
          ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>{0, 0, 0, 0});
}

TEST_CASE("The model's schema and extra files can be read") {
  const train::Run run = tiny_run();
  const Predictor predictor = exported(run);
  CHECK(schema_to_json(predictor.schema()) == schema_to_json(run.schema));
  CHECK(predictor.metadata("config.yaml") == dump_config(run.config));
  CHECK(predictor.metadata("schema.json") == schema_to_json(run.schema));
  CHECK(predictor.metadata("evaluation.json").empty());
  CHECK(predictor.metadata("no such file").empty());
}

}  // namespace esmm
