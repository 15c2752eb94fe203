#include "tests/apps/raw_rows.h"

#include <fstream>
#include <sstream>

namespace esmm::test {
namespace {

using nlohmann::json;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// "field 0x02 value 0x03 weight", joined by 0x01.
void add_features(const std::string& text, RawRow& row) {
  for (const std::string& feature : split(text, '\x01')) {
    const size_t value = feature.find('\x02'), weight = feature.find('\x03');
    row[feature.substr(0, value)].push_back(
        {feature.substr(value + 1, weight - value - 1), feature.substr(weight + 1)});
  }
}

json tensor(const std::string& name, const char* datatype, const json& data) {
  return {{"name", name}, {"datatype", datatype}, {"shape", {data.size()}}, {"data", data}};
}

json single_input(const std::string& field, std::span<const RawRow> rows) {
  json values = json::array();
  for (const RawRow& row : rows) {
    const auto found = row.find(field);
    values.push_back(found == row.end() ? "" : found->second.at(0).value);
  }
  return tensor(field, "BYTES", values);
}

void add_bags(const std::string& field, std::span<const RawRow> rows, bool weighted, json& inputs) {
  json values = json::array(), weights = json::array(), lengths = json::array();
  for (const RawRow& row : rows) {
    const auto found = row.find(field);
    lengths.push_back(found == row.end() ? 0 : found->second.size());
    if (found == row.end()) continue;
    for (const RawValue& feature : found->second) {
      values.push_back(feature.value);
      weights.push_back(std::stod(feature.weight));
    }
  }
  inputs.push_back(tensor(field, "BYTES", values));
  inputs.push_back(tensor(field + "__lengths", "INT64", lengths));
  if (weighted) inputs.push_back(tensor(field + "__weights", "FP32", weights));
}

}  // namespace

std::vector<RawRow> read_raw_rows(const std::filesystem::path& skeleton,
                                  const std::filesystem::path& common) {
  std::map<std::string, RawRow> users;  // by common index
  std::ifstream common_lines(common);
  for (std::string line; std::getline(common_lines, line);) {
    const auto columns = split(line, ',');
    add_features(columns.at(2), users[columns.at(0)]);
  }
  std::vector<RawRow> result;
  std::ifstream lines(skeleton);
  for (std::string line; std::getline(lines, line);) {
    const auto columns = split(line, ',');
    result.push_back(users.at(columns.at(3)));
    add_features(columns.at(5), result.back());
  }
  return result;
}

json infer_request(std::span<const RawRow> rows, const json& metadata) {
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

std::string consumer_lines(std::span<const RawRow> rows, const json& schema) {
  std::string text;
  for (const RawRow& row : rows) {
    for (const json& field : schema.at("fields")) {
      const std::string name = field.at("name");
      const auto found = row.find(name);
      if (found == row.end()) continue;
      for (const RawValue& feature : found->second) {
        text += name + "=" + feature.value + (field.at("weights") == "" ? "" : ":" + feature.weight) + " ";
      }
    }
    text += "\n";
  }
  return text;
}

}  // namespace esmm::test
