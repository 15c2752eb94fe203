#include "esmm/serve/inference_response.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <iterator>
#include <vector>

namespace esmm::serve {
namespace {

using nlohmann::json;

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::string json_text(std::string_view text) { return dump(json(text)); }

const std::vector<float>& output_of(const Prediction& prediction, std::string_view name) {
  if (name == "pctr") return prediction.p_ctr;
  return name == "pcvr" ? prediction.p_cvr : prediction.p_ctcvr;
}

void write_numbers(const std::vector<float>& numbers, std::string& out) {
  auto end = std::back_inserter(out);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i) out += ',';
    if (std::isfinite(numbers[i])) {
      fmt::format_to(end, "{}", numbers[i]);
    } else {
      out += "null";  // JSON has no word for it
    }
  }
}

std::string_view datatype_of(const Field& field) {
  if (field.kind == FieldKind::numeric) return "FP64";
  return field.type == ValueType::integer ? "INT64" : "BYTES";
}

json tensor_metadata(const std::string& name, std::string_view datatype, bool multi) {
  return {{"name", name}, {"datatype", datatype}, {"shape", multi ? json{-1, -1} : json{-1}}};
}

}  // namespace

std::string infer_response(std::string_view model, const InferenceRequest& request,
                           const Prediction& prediction) {
  std::string out =
      fmt::format(R"({{"model_name":{},"model_version":"{}",)", json_text(model), kModelVersion);
  if (request.id) out += "\"id\":" + json_text(*request.id) + ",";
  out += "\"outputs\":[";
  for (size_t i = 0; i < request.outputs.size(); ++i) {
    if (i) out += ',';
    out += fmt::format(R"({{"name":"{}","datatype":"FP32","shape":[{}],"data":[)", request.outputs[i],
                       request.rows);
    write_numbers(output_of(prediction, request.outputs[i]), out);
    out += "]}";
  }
  return out + "]}";
}

std::string server_metadata() {
  return dump({{"name", "esmm-serve"}, {"version", ESMM_VERSION}, {"extensions", json::array()}});
}

std::string model_metadata(std::string_view model, const Schema& schema) {
  json inputs = json::array();
  for (const Field& field : schema.fields) {
    if (!field.is_input()) continue;
    const bool multi = field.kind == FieldKind::multi;
    inputs.push_back(tensor_metadata(field.name, datatype_of(field), multi));
    if (!field.weights.empty()) inputs.push_back(tensor_metadata(field.name + "__weights", "FP32", multi));
  }
  json outputs = json::array();
  for (const std::string_view name : kOutputs)
    outputs.push_back(tensor_metadata(std::string(name), "FP32", false));
  return dump({{"name", model},
               {"versions", {kModelVersion}},
               {"platform", "esmm_torchscript"},
               {"inputs", inputs},
               {"outputs", outputs}});
}

std::string model_ready(std::string_view model) { return dump({{"name", model}, {"ready", true}}); }

std::string error_response(std::string_view message) { return dump({{"error", message}}); }

}  // namespace esmm::serve
