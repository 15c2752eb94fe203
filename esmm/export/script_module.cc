#include "esmm/export/script_module.h"

#include "esmm/core/error.h"
#include "esmm/export/script_source.h"
#include "esmm/predict/field_group.h"

#include <memory>
#include <string>
#include <vector>

namespace esmm::exporting {
namespace {

using torch::Tensor;
using torch::jit::Module;
using CompilationUnit = std::shared_ptr<torch::jit::CompilationUnit>;

Module new_module(const std::string& name, const CompilationUnit& unit) {
  Module module(c10::QualifiedName("__torch__.esmm." + name), unit);
  module.register_attribute("training", c10::BoolType::get(), false);
  return module;
}

Tensor as_float(const Tensor& tensor) { return tensor.detach().to(torch::kCPU, torch::kFloat).contiguous(); }

Tensor as_tensor(const std::vector<int64_t>& numbers) { return torch::tensor(numbers, torch::kLong); }

Module make_tower(const Tower& tower, const std::string& name, const CompilationUnit& unit) {
  Module module = new_module(name, unit);
  const auto& layers = tower->layers();
  for (size_t k = 0; k < layers.size(); ++k) {
    module.register_parameter("weight_" + std::to_string(k), as_float(layers[k]->weight),
                              /*is_buffer=*/false);
    module.register_parameter("bias_" + std::to_string(k), as_float(layers[k]->bias), /*is_buffer=*/false);
  }
  module.define(tower_source(static_cast<int64_t>(layers.size())));
  return module;
}

// Columns of a tower's input that fields fill, D each.
std::vector<int64_t> columns_of(const std::vector<int64_t>& fields, int64_t dimension) {
  std::vector<int64_t> columns;
  for (const int64_t field : fields) {
    for (int64_t d = 0; d < dimension; ++d) columns.push_back(field * dimension + d);
  }
  return columns;
}

void register_fields(Module& module, const Schema& schema, int64_t dimension) {
  std::vector<uint8_t> mean;
  for (const Field& field : schema.fields) mean.push_back(field.pooling == Pooling::mean);
  module.register_buffer("mean", torch::tensor(mean, torch::kBool));
  module.register_buffer("fields", as_tensor(predict::all_fields(schema).fields));

  const std::vector<int64_t> user = predict::user_fields(schema).fields,
                             item = predict::item_fields(schema).fields;
  if (user.empty() || item.empty()) return;
  module.register_buffer("user_fields", as_tensor(user));
  module.register_buffer("item_fields", as_tensor(item));
  module.register_buffer("user_columns", as_tensor(columns_of(user, dimension)));
  module.register_buffer("item_columns", as_tensor(columns_of(item, dimension)));
}

void register_tables(Module& module, const Head& ctr, const Head& cvr, bool shared) {
  const auto add = [&](const char* name, const Head& head) {
    module.register_parameter(name, as_float(SharedEmbedding(head.embedding)->table()), /*is_buffer=*/false);
  };
  add(shared ? "table" : "ctr_table", ctr);
  if (!shared) add("cvr_table", cvr);
}

}  // namespace

Module make_script_module(const train::Run& run) {
  const Head ctr = run.model->ctr_head(), cvr = run.model->cvr_head();
  const bool shared = ctr.embedding.ptr() == cvr.embedding.ptr();
  const int64_t dimension = ctr.embedding->options().dimension;
  if (cvr.embedding->options().dimension != dimension)
    throw InternalError("the heads' tables differ in dimension");

  const auto unit = std::make_shared<torch::jit::CompilationUnit>();
  Module module = new_module("Model", unit);
  module.register_module("ctr_tower", make_tower(ctr.tower, "CtrTower", unit));
  module.register_module("cvr_tower", make_tower(cvr.tower, "CvrTower", unit));
  register_tables(module, ctr, cvr, shared);
  register_fields(module, run.schema, dimension);
  if (run.schema.mode == VocabularyMode::exact)
    module.register_buffer("vocabulary", as_tensor(run.vocabulary));
  module.define(model_source({.schema = run.schema,
                              .known_keys = static_cast<int64_t>(run.vocabulary.size()),
                              .dimension = dimension,
                              .shared_table = shared}));
  return module;
}

}  // namespace esmm::exporting
