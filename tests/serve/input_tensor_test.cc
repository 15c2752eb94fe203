#include "esmm/serve/input_tensor.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

#include "esmm/serve/request_error.h"

using esmm::serve::InputTensor;
using esmm::serve::RequestError;
using nlohmann::json;

namespace {

json tensor(const std::string& datatype, const std::string& shape, const std::string& data) {
  return json::parse(R"({"name": "x", "datatype": ")" + datatype + R"(", "shape": )" + shape +
                     R"(, "data": )" + data + "}");
}

std::vector<std::string> texts(const std::string& datatype, const std::string& shape,
                               const std::string& data) {
  const json document = tensor(datatype, shape, data);
  const InputTensor result = esmm::serve::read_tensor(document);
  return {result.values.begin(), result.values.end()};
}

std::string error_of(const json& document) {
  try {
    esmm::serve::read_tensor(document);
  } catch (const RequestError& error) {
    CHECK(error.status() == 400);
    return error.what();
  }
  return "no error";
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("texts stand as they are and null is the empty text") {
  CHECK(texts("BYTES", "[3]", R"(["a b", null, "é"])") == Texts{"a b", "", "é"});
}

TEST_CASE("whole numbers become decimals over the whole range of 64 bits") {
  CHECK(texts("INT64", "[2]", "[-9223372036854775808, 9223372036854775807]") ==
        Texts{"-9223372036854775808", "9223372036854775807"});
  CHECK(texts("UINT64", "[1]", "[18446744073709551615]") == Texts{"18446744073709551615"});
  CHECK(texts("BOOL", "[2]", "[true, false]") == Texts{"1", "0"});
}

TEST_CASE("an FP32 number becomes the shortest decimal of a float, an FP64 one that of a double") {
  CHECK(texts("FP32", "[2]", "[0.699999988079071, 3]") == Texts{"0.7", "3"});
  CHECK(texts("FP64", "[2]", "[0.699999988079071, 1e-3]") == Texts{"0.699999988079071", "0.001"});
}

TEST_CASE("nested data is read row by row") {
  CHECK(texts("INT32", "[2, 3]", "[[1, 2, 3], [4, 5, 6]]") == Texts{"1", "2", "3", "4", "5", "6"});
  CHECK(texts("INT32", "[2, 3]", "[1, 2, 3, 4, 5, 6]") == Texts{"1", "2", "3", "4", "5", "6"});
}

TEST_CASE("a tensor that contradicts itself says how") {
  CHECK(error_of(tensor("BYTES", "[3]", R"(["a"])")) ==
        "input 'x': data and shape differ in the number of values: expected 3, got 1");
  CHECK(error_of(tensor("INT32", "[2, 2]", "[[1, 2, 3], [4]]")) ==
        "input 'x': data and shape differ in the number of values in a row: expected 2, got 3");
  CHECK(error_of(tensor("INT32", "[2, 2]", "[[1, 2], 3]")) ==
        "input 'x': bad value at place 2: expected a list (INT32), got 3");
  CHECK(error_of(tensor("INT32", "[1]", "[1.5]")) ==
        "input 'x': bad value at place 0: expected a whole number (INT32), got 1.5");
  CHECK(error_of(tensor("INT64", "[1]", "[9223372036854775808]")) ==
        "input 'x': bad value at place 0: expected a number below 2^63 (INT64), got 9223372036854775808");
  CHECK(error_of(tensor("UINT8", "[1]", "[-1]")) ==
        "input 'x': bad value at place 0: expected a whole number, not negative (UINT8), got -1");
  CHECK(error_of(tensor("BYTES", "[1]", "[7]")) ==
        "input 'x': bad value at place 0: expected a text (BYTES), got 7");
  CHECK(error_of(tensor("FP32", "[1]", "[1e300]")) ==
        "input 'x': bad value at place 0: expected a number in the datatype's range (FP32), got 1e+300");
  CHECK(error_of(tensor("FP16", "[1]", "[1]")) ==
        "input 'x': unknown datatype: expected BYTES, BOOL, INT8 to INT64, UINT8 to UINT64, FP32 or FP64, "
        "got FP16");
}

TEST_CASE("a tensor of a wrong form is refused") {
  for (const char* shape : {"[]", "[1, 1, 1]", "[-1]", "[1.5]", "\"1\"", "[4294967296]", "[1, null]"}) {
    INFO(shape);
    CHECK(error_of(tensor("BYTES", shape, R"(["a"])")).substr(0, 20) == "input 'x': bad shape");
  }
  CHECK(error_of(json::parse("3")) == "an input is no object: got 3");
  CHECK(error_of(json::parse("{}")) == "input: 'name' is missing");
  CHECK(error_of(json::parse(R"({"name": 3})")) == "input: 'name' is no text: got 3");
  CHECK(error_of(tensor("BYTES", "[1]", "\"a\"")) == "input 'x': data is no list: got \"a\"");
  CHECK(error_of(json::parse(
            R"({"name": "x", "datatype": "INT32", "shape": [1], "parameters": {"binary_data_size": 4}})")) ==
        "input 'x': 'data' is missing; binary tensors are not supported: send JSON data");
}
