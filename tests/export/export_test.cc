#include "esmm/export/export.h"

#include "esmm/export/sample_bags.h"
#include "tests/export/tiny_run.h"
#include "tests/support/temporary_folder.h"

#include <torch/script.h>

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

namespace esmm {
using exporting::export_model;
using exporting::sample_keys;
using test::key_of;
using test::score;
using test::tiny_run;

namespace {

torch::Tensor longs(const std::vector<int64_t>& numbers) { return torch::tensor(numbers, torch::kLong); }

torch::jit::IValue floats(const std::vector<float>& numbers) {
  return numbers.empty() ? torch::jit::IValue() : torch::jit::IValue(torch::tensor(numbers));
}

torch::jit::Module exported(const train::Run& run) {
  const test::TemporaryFolder folder;
  export_model(run, folder / "model.pt");
  return torch::jit::load((folder / "model.pt").string());
}

void check_equal(const torch::jit::IValue& result, const train::Scores& expected) {
  const auto check = [&](size_t column, const std::vector<float>& values) {
    const torch::Tensor got = result.toTuple()->elements()[column].toTensor();
    REQUIRE(got.scalar_type() == torch::kFloat);
    REQUIRE(got.sizes() == torch::IntArrayRef{static_cast<int64_t>(values.size())});
    for (size_t i = 0; i < values.size(); ++i)
      CHECK(got[static_cast<int64_t>(i)].item<float>() == Approx(values[i]).margin(1e-6).epsilon(0));
  };
  check(0, expected.p_ctr);
  check(1, expected.p_cvr);
  check(2, expected.p_ctcvr);
}

torch::jit::IValue forward(torch::jit::Module& module, const KeyBags& keys) {
  return module.forward({longs(keys.ids), longs(keys.offsets), floats(keys.weights)});
}

// One impression in field order: user, hour, history, item, tags.
struct Impression {
  const char *user, *hour;
  std::vector<std::pair<const char*, float>> history;
  const char* item;
  std::vector<std::pair<const char*, float>> tags;
};

KeyBags bags_of(const Schema& schema, const std::vector<Impression>& impressions) {
  KeyBags bags;
  const auto one = [&](const char* field, const char* value) {
    bags.push(key_of(schema, field, value));
    bags.close_bag();
  };
  const auto many = [&](const char* field, const std::vector<std::pair<const char*, float>>& values) {
    for (const auto& [value, weight] : values) bags.push(key_of(schema, field, value), weight);
    bags.close_bag();
  };
  for (const Impression& row : impressions) {
    one("user", row.user);
    one("hour", row.hour);
    many("history", row.history);
    one("item", row.item);
    many("tags", row.tags);
  }
  return bags;
}

const std::vector<Impression> kImpressions = {
    {"u0", "0", {{"i1", 1.0f}, {"i2", 3.0f}}, "i3", {{"t0", 0.5f}, {"t1", 2.0f}}},
    {"u1", "1", {}, "i4", {}},  // empty bags
    {"nobody",
     "9",
     {{"never", 1.0f}, {"i0", 1.0f}},
     "nothing",
     {{"what", 1.0f}}},                                                 // an unknown key in each field
    {"u2", "2", {{"i5", 0.0f}, {"i6", 0.0f}}, "i7", {{"t2", 0.0f}}},    // weights of zero
    {"u3", "2", {{"i5", 1.0f}, {"i6", -1.0f}}, "i8", {{"t2", -1.5f}}},  // weights that cancel out
};

// Every method, every kind of tower, and every calibration.
std::vector<train::Run> all_kinds() {
  std::vector<train::Run> runs;
  for (const std::string& method : method_names()) runs.push_back(tiny_run({.method = method.c_str()}));
  for (const char* method : {"esmm", "base"}) {
    const auto add = [&](const std::function<void(ModelConfig&)>& change) {
      runs.push_back(tiny_run({.method = method, .change_model = change}));
    };
    add([](ModelConfig& model) { model.activation = Activation::prelu; });
    add([](ModelConfig& model) { model.activation = Activation::dice; });
    add([](ModelConfig& model) { model.batch_norm = true; });
    add([](ModelConfig& model) { model.wide = true; });
    add([](ModelConfig& model) { model.table_type = TableType::bfloat16; });
    add([](ModelConfig& model) {
      model.activation = Activation::dice;
      model.batch_norm = model.wide = true;
      model.cvr_layers = std::vector<int64_t>{};
    });
  }
  const calibration::Map platt{
      .kind = calibration::Map::Kind::platt, .slope = 0.6, .intercept = -0.4, .x = {}, .y = {}};
  const calibration::Map isotonic{
      .kind = calibration::Map::Kind::isotonic, .x = {0, 0.3, 0.45, 1}, .y = {0, 0.1, 0.6, 1}};
  for (const calibration::Calibration& calibration :
       {calibration::Calibration{platt, platt}, calibration::Calibration{isotonic, isotonic},
        calibration::Calibration{isotonic, platt}, calibration::Calibration{{}, isotonic}}) {
    runs.push_back(tiny_run({.calibration = calibration}));
  }
  return runs;
}

}  // namespace

TEST_CASE("The file scores keys as the trained model does") {
  for (const train::Run& run : all_kinds()) {
    INFO(run.config.model.method);
    torch::jit::Module module = exported(run);
    const KeyBags keys = bags_of(run.schema, kImpressions);
    check_equal(forward(module, keys), score(run, keys));
  }
}

TEST_CASE("The file scores keys without weights") {
  const train::Run run = tiny_run();
  torch::jit::Module module = exported(run);
  const KeyBags keys =
      bags_of(run.schema,
              {{"u0", "0", {{"i1", 1.0f}, {"i2", 1.0f}, {"x", 1.0f}}, "i3", {{"t0", 1.0f}, {"t1", 1.0f}}}});
  REQUIRE(keys.weights.empty());
  check_equal(forward(module, keys), score(run, keys));
  check_equal(module.forward({longs(keys.ids), longs(keys.offsets)}), score(run, keys));
}

TEST_CASE("The file scores hashed keys") {
  const train::Run run = tiny_run({.mode = VocabularyMode::hashed});
  torch::jit::Module module = exported(run);
  const KeyBags keys = bags_of(run.schema, kImpressions);
  check_equal(forward(module, keys), score(run, keys));
}

TEST_CASE("A model without known keys has the fields' unknown rows alone") {
  train::Run run = tiny_run();
  run.vocabulary.clear();
  run.table_rows = run.schema.size();
  run.model = make_method(run.config.model, {.table_rows = run.table_rows, .schema = run.schema}, /*seed=*/1);
  run.model->eval();
  torch::jit::Module module = exported(run);
  const KeyBags keys = bags_of(run.schema, {kImpressions[1]});
  CHECK(module.get_method("rows_of")({longs(keys.ids), longs(keys.offsets)})
            .toTensor()
            .equal(longs({0, 1, 3})));
}

TEST_CASE("A model without hidden layers is exported") {
  const train::Run run = tiny_run({.layers = {}});
  torch::jit::Module module = exported(run);
  const KeyBags keys = bags_of(run.schema, kImpressions);
  check_equal(forward(module, keys), score(run, keys));
}

TEST_CASE("A key's row is its place in the vocabulary, and an unknown key's that of its field") {
  const train::Run run = tiny_run();
  torch::jit::Module module = exported(run);
  const auto known = static_cast<int64_t>(run.vocabulary.size());
  REQUIRE(known == 21);
  // Bags of field 0 to 4, twice; several are empty.
  const int64_t first = run.vocabulary[0], last = run.vocabulary[20], unknown = first + 1;
  const torch::Tensor keys = longs({unknown, last, unknown, unknown, first, unknown});
  const torch::Tensor offsets = longs({0, 1, 1, 2, 2, 2, 2, 2, 4, 4, 6});
  CHECK(module.get_method("rows_of")({keys, offsets})
            .toTensor()
            .equal(longs({known + 0, 20, known + 2, known + 2, 0, known + 4})));
}

TEST_CASE("score_rows of rows_of is forward") {
  const train::Run run = tiny_run();
  torch::jit::Module module = exported(run);
  const KeyBags keys = bags_of(run.schema, kImpressions);
  const auto rows = module.get_method("rows_of")({longs(keys.ids), longs(keys.offsets)});
  check_equal(module.get_method("score_rows")({rows, longs(keys.offsets), floats(keys.weights)}),
              score(run, keys));
}

TEST_CASE("No ids and no impressions can be scored") {
  const train::Run run = tiny_run();
  torch::jit::Module module = exported(run);
  const KeyBags empty_bags{.offsets = {0, 0, 0, 0, 0, 0}, .ids = {}, .weights = {}};
  check_equal(forward(module, empty_bags), score(run, empty_bags));
  check_equal(forward(module, {}), {});
}

TEST_CASE("rank is forward of the user beside every item") {
  for (const train::Run& run : all_kinds()) {
    INFO(run.config.model.method);
    torch::jit::Module module = exported(run);
    std::vector<Impression> joined = kImpressions;
    for (Impression& row : joined) {
      row.user = "u4";
      row.history = {{"i1", 2.0f}, {"new", 1.0f}};
    }
    KeyBags user, items;
    user.push(key_of(run.schema, "user", "u4"));
    user.close_bag();
    user.push(key_of(run.schema, "history", "i1"), 2.0f);
    user.push(key_of(run.schema, "history", "new"), 1.0f);
    user.close_bag();
    for (const Impression& row : joined) {
      items.push(key_of(run.schema, "hour", row.hour));
      items.close_bag();
      items.push(key_of(run.schema, "item", row.item));
      items.close_bag();
      for (const auto& [tag, weight] : row.tags) items.push(key_of(run.schema, "tags", tag), weight);
      items.close_bag();
    }
    const auto ranked =
        module.get_method("rank")({longs(user.ids), longs(user.offsets), floats(user.weights),
                                   longs(items.ids), longs(items.offsets), floats(items.weights)});
    check_equal(ranked, score(run, bags_of(run.schema, joined)));
  }
}

TEST_CASE("A model of one side has no rank") {
  const auto all_context = [](Schema& schema) {
    for (Field& field : schema.fields) field.side = Side::context;
  };
  torch::jit::Module module = exported(tiny_run({.change_schema = all_context}));
  CHECK_FALSE(module.find_method("rank").has_value());
}

TEST_CASE("The file refuses offsets and weights that do not fit") {
  const train::Run run = tiny_run();
  torch::jit::Module module = exported(run);
  const torch::Tensor keys = longs({1, 2});
  const auto call = [&](const std::vector<int64_t>& offsets, const torch::jit::IValue& weights) {
    return module.forward({keys, longs(offsets), weights});
  };
  CHECK_NOTHROW(call({0, 1, 1, 1, 2, 2}, {}));
  CHECK_THROWS(call({0, 1, 1, 1, 2}, {}));     // four bags of five fields
  CHECK_THROWS(call({0, 1, 1, 1, 1, 1}, {}));  // ends before the last key
  CHECK_THROWS(call({1, 1, 1, 1, 2, 2}, {}));  // starts behind the first
  CHECK_THROWS(call({0, 2, 1, 1, 2, 2}, {}));  // falls
  CHECK_THROWS(call({}, {}));
  CHECK_THROWS(call({0, 1, 1, 1, 2, 2}, torch::tensor({1.0f})));
  CHECK_THROWS(module.get_method("score_rows")(
      {longs({0, run.table_rows}), longs({0, 1, 1, 1, 2, 2}), {}}));  // no such row
}

TEST_CASE("Rows of impressions go back to keys that lead to them") {
  const train::Run run = tiny_run();
  const RowBags rows{.offsets = {0, 1, 2, 3, 4, 4}, .ids = {3, 22, 20, 24}, .weights = {}};
  const KeyBags keys = exporting::keys_of(rows, run.schema, run.vocabulary);
  torch::jit::Module module = exported(run);
  CHECK(module.get_method("rows_of")({longs(keys.ids), longs(keys.offsets)})
            .toTensor()
            .equal(longs({3, 22, 20, 24})));
}

}  // namespace esmm
