#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace esmm::test {

// The body of an infer request for the first rows of Ali-CCP files, read without the project's own reader:
// one input per field that `metadata` (of GET /v2/models/NAME) names.
nlohmann::json infer_request(const std::filesystem::path& skeleton, const std::filesystem::path& common,
                             size_t rows, const nlohmann::json& metadata);

}  // namespace esmm::test
