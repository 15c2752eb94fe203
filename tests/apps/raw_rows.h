#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace esmm::test {

struct RawValue {
  std::string value, weight;
};
using RawRow = std::map<std::string, std::vector<RawValue>>;  // by field

// The impressions of Ali-CCP files with their common features, read without the project's own reader.
std::vector<RawRow> read_raw_rows(const std::filesystem::path& skeleton, const std::filesystem::path& common);

// The body of an infer request: one input per field that `metadata` (of GET /v2/models/NAME) names.
nlohmann::json infer_request(std::span<const RawRow> rows, const nlohmann::json& metadata);

// What tests/install/consumer reads: a line of field=value[:weight] per row. schema: of dataset.json.
std::string consumer_lines(std::span<const RawRow> rows, const nlohmann::json& schema);

}  // namespace esmm::test
