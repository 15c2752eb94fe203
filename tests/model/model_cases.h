#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "esmm/model/method.h"

namespace esmm::test {

// A shape of F plain fields on V rows.
inline ModelShape shape_of(int64_t fields, int64_t table_rows) {
  ModelShape shape;
  shape.table_rows = table_rows;
  for (int64_t f = 0; f < fields; ++f) {
    shape.schema.fields.emplace_back();
    shape.schema.fields.back().name = "field_" + std::to_string(f);
  }
  return shape;
}

inline ModelConfig small_config(const std::string& method) {
  ModelConfig config;
  config.method = method;
  config.dimension = 4;
  config.layers = {6, 5};
  config.table_std = 0.5;
  return config;
}

// Four impressions of two fields, ids 0 .. 7: an empty bag, a bag of two, weights.
inline TensorBatch small_batch() {
  return {.size = 4,
          .bags = {.rows = torch::tensor({0, 4, 1, 5, 2, 3, 6, 7}, torch::kInt),
                   .offsets = torch::tensor({0, 1, 2, 3, 4, 6, 6, 7, 8}, torch::kLong),
                   .weights = torch::tensor({1.f, 1.f, 1.f, 1.f, 0.5f, 0.5f, 1.f, 2.f}),
                   .fields = 2},
          .click = torch::tensor({1.f, 0.f, 1.f, 1.f}),
          .conversion = torch::tensor({0.f, 0.f, 1.f, 0.f})};
}

inline torch::Tensor total(const LossTerms& terms) {
  torch::Tensor sum = terms.front().second;
  for (size_t k = 1; k < terms.size(); ++k) sum = sum + terms[k].second;
  return sum;
}

inline torch::Tensor term(const LossTerms& terms, const std::string& name) {
  for (const auto& [term_name, value] : terms) {
    if (term_name == name) return value;
  }
  throw std::out_of_range("no loss term " + name);
}

}  // namespace esmm::test
