#pragma once

#include <array>
#include <string>
#include <string_view>

#include "esmm/features/schema.h"
#include "esmm/predict/predictor.h"
#include "esmm/serve/inference_request.h"

namespace esmm::serve {

inline constexpr std::array<std::string_view, 3> kOutputs{"pctr", "pcvr", "pctcvr"};
inline constexpr std::string_view kModelVersion = "1";

// Answers of the Open Inference Protocol v2, as JSON. Probabilities are FP32 [B], with as many digits as tell
// them apart.
std::string infer_response(std::string_view model, const InferenceRequest& request,
                           const Prediction& prediction);
std::string server_metadata();
// Inputs in field order: categorical BYTES (INT64 where the field is an integer), numeric FP64; single-valued
// [-1], multi-valued [-1, -1]; weights where the model was trained with some.
std::string model_metadata(std::string_view model, const Schema& schema);
std::string model_ready(std::string_view model);
std::string error_response(std::string_view message);

}  // namespace esmm::serve
