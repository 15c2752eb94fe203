#include "esmm/serve/inference_request.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "esmm/features/field_encoder.h"
#include "esmm/serve/request_error.h"
#include "tests/serve/test_schema.h"

using esmm::KeyBags;
using esmm::serve::InferenceRequest;
using esmm::serve::RequestError;
using esmm::serve::RequestLimits;
using esmm::serve::RequestReader;

namespace {

// The request with these inputs, each {"name", "datatype", "shape", "data"}, and more members behind them.
InferenceRequest read(const std::string& inputs, const std::string& more = "",
                      const RequestLimits& limits = {}) {
  return RequestReader(esmm::test::serving_schema(), limits)
      .read("{\"inputs\": [" + inputs + "]" + more + "}");
}

std::string input(const std::string& name, const std::string& datatype, const std::string& shape,
                  const std::string& data) {
  return R"({"name": ")" + name + R"(", "datatype": ")" + datatype + R"(", "shape": )" + shape +
         R"(, "data": )" + data + "}";
}

struct Refusal {
  int status = 0;
  std::string text;
};

Refusal refusal(const std::string& body, const RequestLimits& limits = {}) {
  try {
    RequestReader(esmm::test::serving_schema(), limits).read(body);
  } catch (const RequestError& error) {
    return {error.status(), error.what()};
  }
  return {};
}

std::string error_of(const std::string& inputs) {
  const Refusal result = refusal("{\"inputs\": [" + inputs + "]}");
  CHECK(result.status == 400);
  return result.text;
}

// Keys in one bag: row b, field f of six.
std::vector<int64_t> bag(const KeyBags& keys, int64_t row, int64_t field) {
  const int64_t place = row * 6 + field;
  return {keys.ids.begin() + keys.offsets[place], keys.ids.begin() + keys.offsets[place + 1]};
}

std::vector<float> weights(const KeyBags& keys, int64_t row, int64_t field) {
  const int64_t place = row * 6 + field;
  return {keys.weights.begin() + keys.offsets[place], keys.weights.begin() + keys.offsets[place + 1]};
}

// Keys of texts in a field of the test schema.
std::vector<int64_t> keys_of(int64_t field, const std::vector<std::string>& texts) {
  std::vector<int64_t> keys;
  for (const std::string& text : texts)
    keys.push_back(esmm::feature_key(text, esmm::test::serving_schema().seed_of(field)));
  return keys;
}

enum Place { user, age, watched, tags, item, user_item };

const std::string kUser = input("user", "BYTES", "[1]", R"(["ann"])");
const std::string kItems = input("item", "INT64", "[3]", "[5, 6, 7]");

}  // namespace

TEST_CASE("an input of one row is shared by all rows of the request") {
  const InferenceRequest request = read(kUser + "," + input("age", "INT32", "[1, 1]", "[20]") + "," + kItems);
  REQUIRE(request.rows == 3);
  REQUIRE(request.keys.bags() == 3 * 6);
  for (int64_t row = 0; row < 3; ++row) {
    CHECK(bag(request.keys, row, user) == keys_of(user, {"ann"}));
    CHECK(bag(request.keys, row, age) == keys_of(age, {"2"}));  // 0.7 and 18 are <= 20
    CHECK(bag(request.keys, row, item) == keys_of(item, {std::to_string(row + 5)}));
    CHECK(bag(request.keys, row, user_item) == keys_of(user_item, {"ann\x1f" + std::to_string(row + 5)}));
  }
}

TEST_CASE("a field without an input is missing in all rows") {
  const InferenceRequest request = read(kItems);
  for (int64_t row = 0; row < 3; ++row) {
    CHECK(bag(request.keys, row, user) == keys_of(user, {""}));
    CHECK(bag(request.keys, row, age) == keys_of(age, {""}));
    CHECK(bag(request.keys, row, watched).empty());
  }
}

TEST_CASE("a strict request names the first input that is missing") {
  const Refusal result =
      refusal("{\"inputs\": [" + kUser + "," + kItems + R"(], "parameters": {"strict": true}})");
  CHECK(result.text == "input 'age' is missing, and the request is strict");
  const std::string all = kUser + "," + kItems + "," + input("age", "INT32", "[1]", "[20]") + "," +
                          input("watched", "BYTES", "[1]", R"(["5 6"])") + "," +
                          input("tags", "BYTES", "[1, 1]", R"(["a"])");
  const std::string strict = R"(, "parameters": {"strict": true})";
  CHECK(refusal("{\"inputs\": [" + all + "]" + strict + "}").text ==
        "input 'tags__weights' is missing, and the request is strict");
  CHECK_NOTHROW(read(all + "," + input("tags__weights", "FP32", "[1, 1]", "[0.5]"), strict));
  CHECK_NOTHROW(read(all));
  CHECK_NOTHROW(read(kItems, R"(, "parameters": {"strict": false, "binary_data_output": true})"));
  CHECK_NOTHROW(read(kItems, R"(, "parameters": {"strict_mode": true, "restrict": true})"));
}

TEST_CASE("a parameter that is nearly called strict is a slip, others are the protocol's") {
  const auto with = [](const std::string& more) {
    return refusal("{\"inputs\": [" + kItems + "]" + more + "}");
  };
  for (const std::string name : {"strcit", "Strict", "srict"}) {
    const Refusal result = with(R"(, "parameters": {")" + name + R"(": true})");
    CHECK(result.status == 400);
    CHECK(result.text == "unknown parameter '" + name + "'; did you mean \"strict\"?");
  }
  CHECK(with(R"(, "strict": true)").text ==
        "'strict' is a parameter; write \"parameters\": {\"strict\": true}");
  CHECK(with(R"(, "parameters": [])").text == "'parameters' is no object");
  CHECK(
      with(R"(, "parameters": {"binary_data_output": false, "priority": 1, "sequence_id": 3, "timeout": 9})")
          .text.empty());
}

TEST_CASE("a multi-valued field takes padded rows, and its weights go with its values") {
  const InferenceRequest request =
      read(input("tags", "BYTES", "[2, 3]", R"([["a", "b", ""], ["c", null, null]])") + "," +
           input("tags__weights", "FP32", "[2, 3]", "[0.5, 2, 9, 3, 9, 9]"));
  CHECK(bag(request.keys, 0, tags) == keys_of(tags, {"a", "b"}));
  CHECK(weights(request.keys, 0, tags) == std::vector<float>{0.5f, 2.0f});
  CHECK(bag(request.keys, 1, tags) == keys_of(tags, {"c"}));
  CHECK(weights(request.keys, 1, tags) == std::vector<float>{3.0f});
}

TEST_CASE("weights may be texts, padded and split as the texts of the values are") {
  const InferenceRequest padded =
      read(input("tags", "BYTES", "[2, 2]", R"([["a", "b"], ["c", ""]])") + "," +
           input("tags__weights", "BYTES", "[2, 2]", R"([["0.5", "2"], ["3", ""]])"));
  CHECK(weights(padded.keys, 0, tags) == std::vector<float>{0.5f, 2.0f});
  CHECK(weights(padded.keys, 1, tags) == std::vector<float>{3.0f});
  const InferenceRequest text = read(input("watched", "BYTES", "[3]", R"(["5 6", "", "7"])") + "," +
                                     input("watched__weights", "BYTES", "[3]", R"(["0.5 2", "", "3"])"));
  CHECK(weights(text.keys, 0, watched) == std::vector<float>{0.5f, 2.0f});
  CHECK(bag(text.keys, 1, watched).empty());
  CHECK(weights(text.keys, 2, watched) == std::vector<float>{3.0f});
}

TEST_CASE("a multi-valued field takes a flat list with lengths") {
  const InferenceRequest request = read(input("tags", "BYTES", "[3]", R"(["a", "b", "c"])") + "," +
                                        input("tags__lengths", "INT32", "[3]", "[2, 0, 1]"));
  REQUIRE(request.rows == 3);
  CHECK(bag(request.keys, 0, tags) == keys_of(tags, {"a", "b"}));
  CHECK(bag(request.keys, 1, tags).empty());
  CHECK(bag(request.keys, 2, tags) == keys_of(tags, {"c"}));
}

TEST_CASE("one text per row is split by the field's separator, as in the raw logs") {
  const InferenceRequest request = read(input("watched", "BYTES", "[2]", R"(["5 6", "7"])") + "," +
                                        input("watched__weights", "FP32", "[3]", "[1, 2, 3]"));
  CHECK(bag(request.keys, 0, watched) == keys_of(item, {"5", "6"}));  // shares the item's keys
  CHECK(weights(request.keys, 0, watched) == std::vector<float>{1.0f, 2.0f});
  CHECK(bag(request.keys, 1, watched) == keys_of(item, {"7"}));
  CHECK(bag(read(input("watched", "INT64", "[1, 2]", "[5, 6]")).keys, 0, watched) ==
        keys_of(item, {"5", "6"}));
}

TEST_CASE("an FP32 number falls into the bucket of its decimal") {
  // 0.7 as a float is 0.69999999, which would lie below the edge 0.7.
  CHECK(bag(read(input("age", "FP32", "[1]", "[0.699999988079071]")).keys, 0, age) == keys_of(age, {"1"}));
}

TEST_CASE("the request's id and outputs are kept") {
  const InferenceRequest request =
      read(kUser, R"(, "id": "q1", "outputs": [{"name": "pctcvr"}, {"name": "pctr"}])");
  CHECK(request.id == "q1");
  CHECK(request.outputs == std::vector<std::string>{"pctcvr", "pctr"});
  CHECK(read(kUser).id == std::nullopt);
  CHECK(read(kUser).outputs == std::vector<std::string>{"pctr", "pcvr", "pctcvr"});
}

TEST_CASE("inputs that do not fit say why") {
  CHECK_THAT(error_of(input("itm", "INT64", "[1]", "[5]")),
             Catch::Contains("itm") && Catch::Contains("\"item\""));
  CHECK(error_of(kUser + "," + kUser) == "input 'user': given twice");
  CHECK(error_of(kItems + "," + input("user", "BYTES", "[2]", R"(["a", "b"])")) ==
        "input 'item': the inputs differ in their number of rows: expected 2, or 1 shared by all, got 3");
  CHECK(error_of(input("user_item", "BYTES", "[1]", R"(["a"])")) ==
        "inputs: field 'user_item' is computed from others; leave this input out");
  CHECK(error_of(input("user", "BYTES", "[1, 2]", R"(["a", "b"])")) ==
        "input 'user': the field has one value per row: expected shape [B] or [B, 1], got [1, 2]");
  CHECK(error_of(kUser + "," + input("user__weights", "FP32", "[1]", "[1]")) ==
        "input 'user__weights': field 'user' has one value per row; leave this input out");
  CHECK(error_of(input("tags__weights", "FP32", "[1]", "[1]")) ==
        "input 'tags__weights': input 'tags' is missing");
  CHECK(error_of(input("tags", "BYTES", "[1, 2]", R"(["a", "b"])") + "," +
                 input("tags__weights", "FP32", "[1]", "[1]")) ==
        "input 'tags__weights': not one weight per value: expected 2, got 1");
  CHECK(error_of(input("tags", "BYTES", "[2]", R"(["a", "b"])") + "," +
                 input("tags__weights", "FP32", "[2]", "[1, null]")) ==
        "input 'tags__weights': weights are numbers: expected a number for each value, got FP32 ''");
  CHECK(error_of(input("watched", "BYTES", "[2]", R"(["5 6", "7"])") + "," +
                 input("watched__weights", "BYTES", "[2]", R"(["1", "2 3"])")) ==
        "input 'watched__weights', row 0: not one weight per value: expected 2, got 1");
  CHECK(error_of(input("watched", "BYTES", "[1]", R"(["5 6"])") + "," +
                 input("watched__weights", "BYTES", "[1]", R"(["0.5 x"])")) ==
        "input 'watched__weights': weights are numbers: expected a number for each value, got BYTES 'x'");
  CHECK(error_of(input("tags", "BYTES", "[2]", R"(["a", "b"])") + "," +
                 input("tags__lengths", "INT32", "[1]", "[1]")) ==
        "input 'tags__lengths': the lengths do not add up to the number of values: expected 2, got 1");
  CHECK(error_of(input("tags", "BYTES", "[2]", R"(["a", "b"])") + "," +
                 input("tags__lengths", "INT32", "[2]", "[3, -1]")) ==
        "input 'tags__lengths': lengths are counts: expected INT32, none negative, without null, got INT32 "
        "'-1'");
  CHECK_THAT(error_of(input("item", "BYTES", "[2]", R"(["5", "five"])")),
             Catch::Contains("row 1: ") && Catch::Contains("item"));
  CHECK(error_of("") == "the request has no inputs");
  CHECK(error_of(input("user", "BYTES", "[0]", "[]")) == "the request has no rows");
}

TEST_CASE("a body that is no request says why") {
  CHECK_THAT(refusal("{\"inputs\": [").text, Catch::StartsWith("malformed JSON: parse error at line 1"));
  CHECK(refusal("{\"inputs\": [").status == 400);
  CHECK_THAT(refusal("").text, Catch::StartsWith("malformed JSON"));
  CHECK_THAT(refusal("{\"id\": \"\xff\"}").text, Catch::StartsWith("malformed JSON"));
  CHECK(refusal("[]").text == "the request is no JSON object");
  CHECK(refusal(R"({"inputs": 3})").text == "'inputs' is no list");
  CHECK(refusal(R"({"inputs": [], "id": 3})").text == "'id' is no text");
  CHECK(refusal(R"({"outputs": [{"name": "ctr"}]})").text ==
        "unknown output: expected pctr, pcvr or pctcvr, got ctr");
  CHECK(refusal(R"({"outputs": ["pctr"]})").text == "an output has no name");
}

TEST_CASE("rows and values over the limits are refused with 413") {
  const std::string inputs =
      "{\"inputs\": [" + kItems + "," + input("tags", "BYTES", "[1, 4]", R"(["a", "b", "c", "d"])") + "]}";
  CHECK(refusal(inputs, {.max_rows = 2}).status == 413);
  CHECK(refusal(inputs, {.max_rows = 2}).text ==
        "too many rows: expected at most 2, got 3; send them in several requests");
  CHECK(refusal(inputs, {.max_values = 14}).status == 413);  // 3 items, and 4 tags in each of 3 rows
  CHECK(refusal(inputs, {.max_rows = 3, .max_values = 15}).status == 0);
}

TEST_CASE("rows of no values are counted before they take memory") {
  const std::string inputs = "{\"inputs\": [" + input("tags", "BYTES", "[2147483647, 0]", "[]") + "]}";
  CHECK(refusal(inputs).status == 413);
  CHECK(refusal(inputs).text ==
        "too many rows: expected at most 10000, got 2147483647; send them in several requests");
}

TEST_CASE("a value nested a million deep is refused, not followed") {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  CHECK(error_of(input("user", "BYTES", "[1]", deep)) ==
        "input 'user': bad value at place 0: expected a text (BYTES), got a nested list");
  CHECK_THAT(error_of(input("user", "BYTES", deep, "[]")), Catch::Contains("bad shape"));
}
