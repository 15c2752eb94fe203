#include "tests/apps/http_rows.h"

#include <fstream>
#include <map>
#include <sstream>
#include <vector>

namespace esmm::test {
namespace {

using nlohmann::json;

struct Feature {
  std::string value;
  double weight;
};
using Row = std::map<std::string, std::vector<Feature>>;  // by field

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// "field 0x02 value 0x03 weight", joined by 0x01.
void add_features(const std::string& text, Row& row) {
  for (const std::string& feature : split(text, '\x01')) {
    const size_t value = feature.find('\x02'), weight = feature.find('\x03');
    row[feature.substr(0, value)].push_back(
        {feature.substr(value + 1, weight - value - 1), std::stod(feature.substr(weight + 1))});
  }
}

std::vector<Row> read_rows(const std::filesystem::path& skeleton, const std::filesystem::path& common,
                           size_t rows) {
  std::map<std::string, Row> users;  // by common index
  std::ifstream common_lines(common);
  for (std::string line; std::getline(common_lines, line);) {
    const auto columns = split(line, ',');
    add_features(columns.at(2), users[columns.at(0)]);
  }
  std::vector<Row> result;
  std::ifstream lines(skeleton);
  for (std::string line; result.size() < rows && std::getline(lines, line);) {
    const auto columns = split(line, ',');
    result.push_back(users.at(columns.at(3)));
    add_features(columns.at(5), result.back());
  }
  return result;
}

json tensor(const std::string& name, const char* datatype, const json& data) {
  return {{"name", name}, {"datatype", datatype}, {"shape", {data.size()}}, {"data", data}};
}

json single_input(const std::string& field, const std::vector<Row>& rows) {
  json values = json::array();
  for (const Row& row : rows) {
    const auto found = row.find(field);
    values.push_back(found == row.end() ? "" : found->second.at(0).value);
  }
  return tensor(field, "BYTES", values);
}

void add_bags(const std::string& field, const std::vector<Row>& rows, bool weighted, json& inputs) {
  json values = json::array(), weights = json::array(), lengths = json::array();
  for (const Row& row : rows) {
    const auto found = row.find(field);
    lengths.push_back(found == row.end() ? 0 : found->second.size());
    if (found == row.end()) continue;
    for (const Feature& feature : found->second) {
      values.push_back(feature.value);
      weights.push_back(feature.weight);
    }
  }
  inputs.push_back(tensor(field, "BYTES", values));
  inputs.push_back(tensor(field + "__lengths", "INT64", lengths));
  if (weighted) inputs.push_back(tensor(field + "__weights", "FP32", weights));
}

}  // namespace

json infer_request(const std::filesystem::path& skeleton, const std::filesystem::path& common, size_t count,
                   const json& metadata) {
  const std::vector<Row> rows = read_rows(skeleton, common, count);
  std::map<std::string, size_t> dimensions;  // of each input that the model has
  for (const json& input : metadata.at("inputs")) dimensions[input.at("name")] = input.at("shape").size();

  json inputs = json::array();
  for (const auto& [name, size] : dimensions) {
    if (name.ends_with("__weights")) continue;
    if (size == 1) {
      inputs.push_back(single_input(name, rows));
    } else {
      add_bags(name, rows, dimensions.contains(name + "__weights"), inputs);
    }
  }
  return {{"inputs", inputs}};
}

}  // namespace esmm::test
