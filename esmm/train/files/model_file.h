#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "esmm/features/schema.h"
#include "esmm/model/method.h"

namespace esmm::train {

// What a trained model needs beside its parameters to score new data, so that a run stands alone when its
// data set is gone.
struct ModelData {
  std::string config;  // resolved, YAML
  Schema schema;
  std::vector<int64_t> vocabulary;  // sorted keys; empty in hashed mode
  int64_t table_rows = 0;
  std::string dataset;  // fingerprint of the data set
};

void write_model(const std::filesystem::path& path, const Method& model, const ModelData& data);

// What tells the model in the file from others, in words; evaluation.json keeps whose it is.
std::string model_digest(const std::filesystem::path& path);

// Puts the file's parameters into a model of the same shape.
void read_parameters(const std::filesystem::path& path, const Method& model);

}  // namespace esmm::train
