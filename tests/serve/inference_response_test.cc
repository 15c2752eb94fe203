#include "esmm/serve/inference_response.h"

#include <catch2/catch.hpp>

#include <limits>

#include "tests/serve/test_schema.h"

using esmm::serve::InferenceRequest;

TEST_CASE(
    "an answer holds the outputs that were asked for, in that order, with the digits that a float has") {
  InferenceRequest request;
  request.id = "q\"1";
  request.rows = 2;
  request.outputs = {"pctcvr", "pctr"};
  const esmm::Prediction prediction{{0.1f, 1.0f}, {0.5f, 0.5f}, {1e-9f, 0.25f}};
  CHECK(esmm::serve::infer_response("demo", request, prediction) ==
        R"({"model_name":"demo","model_version":"1","id":"q\"1","outputs":[)"
        R"({"name":"pctcvr","datatype":"FP32","shape":[2],"data":[1e-09,0.25]},)"
        R"({"name":"pctr","datatype":"FP32","shape":[2],"data":[0.1,1]}]})");
}

TEST_CASE("what is no number is null, as JSON has no other word for it") {
  InferenceRequest request;
  request.rows = 1;
  request.outputs = {"pcvr"};
  const esmm::Prediction prediction{{0.1f}, {std::numeric_limits<float>::quiet_NaN()}, {0.1f}};
  CHECK(
      esmm::serve::infer_response("demo", request, prediction) ==
      R"({"model_name":"demo","model_version":"1","outputs":[{"name":"pcvr","datatype":"FP32","shape":[1],"data":[null]}]})");
}

TEST_CASE("a model's metadata has every input, with the weights of a field that was trained with some") {
  CHECK(
      esmm::serve::model_metadata("demo", esmm::test::serving_schema()) ==
      R"({"inputs":[{"datatype":"BYTES","name":"user","shape":[-1]},)"
      R"({"datatype":"FP64","name":"age","shape":[-1]},)"
      R"({"datatype":"BYTES","name":"watched","shape":[-1,-1]},)"
      R"({"datatype":"BYTES","name":"tags","shape":[-1,-1]},)"
      R"({"datatype":"FP32","name":"tags__weights","shape":[-1,-1]},)"
      R"({"datatype":"INT64","name":"item","shape":[-1]}],)"
      R"("name":"demo",)"
      R"("outputs":[{"datatype":"FP32","name":"pctr","shape":[-1]},{"datatype":"FP32","name":"pcvr","shape":[-1]},)"
      R"({"datatype":"FP32","name":"pctcvr","shape":[-1]}],)"
      R"("platform":"esmm_torchscript","versions":["1"]})");
}

TEST_CASE("an error is one member, whatever bytes it holds") {
  CHECK(esmm::serve::error_response("no \"such\" model") == R"({"error":"no \"such\" model"})");
  CHECK(esmm::serve::error_response("a\xff") == "{\"error\":\"a\xEF\xBF\xBD\"}");
}
