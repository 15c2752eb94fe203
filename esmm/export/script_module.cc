#include "esmm/export/script_module.h"

#include "esmm/core/error.h"
#include "esmm/export/script_source.h"
#include "esmm/features/field_group.h"

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

// In evaluation, batch normalisation is a line: it goes into the linear layer before it.
void register_linear(Module& module, size_t k, const torch::nn::Linear& linear, const BatchNorm& norm) {
  Tensor weight = linear->weight.detach().to(torch::kDouble), bias = linear->bias.detach().to(torch::kDouble);
  if (norm) {
    const BatchNormImpl::Line line = norm->line();
    weight = weight * line.scale.unsqueeze(1);
    bias = bias * line.scale + line.shift;
  }
  module.register_parameter("weight_" + std::to_string(k), as_float(weight), /*is_buffer=*/false);
  module.register_parameter("bias_" + std::to_string(k), as_float(bias), /*is_buffer=*/false);
}

void register_activation(Module& module, size_t k, const ActivationLayer& activation) {
  const auto add = [&](const std::string& name, const Tensor& tensor) {
    module.register_parameter(name + '_' + std::to_string(k), as_float(tensor), /*is_buffer=*/false);
  };
  if (activation->slope().defined()) add("slope", activation->slope());
  if (activation->norm()) {
    const BatchNormImpl::Line line = activation->norm()->line();
    add("scale", line.scale);
    add("shift", line.shift);
  }
}

Module make_tower(const Tower& tower, Activation activation, const std::string& name,
                  const CompilationUnit& unit) {
  Module module = new_module(name, unit);
  const auto& hidden = tower->hidden();
  for (size_t k = 0; k < hidden.size(); ++k) {
    register_linear(module, k, hidden[k].linear, hidden[k].norm);
    register_activation(module, k, hidden[k].activation);
  }
  register_linear(module, hidden.size(), tower->output(), BatchNorm(nullptr));
  module.define(tower_source(static_cast<int64_t>(hidden.size()), activation));
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
  module.register_buffer("fields", as_tensor(all_fields(schema).fields));

  const std::vector<int64_t> user = esmm::user_fields(schema).fields, item = esmm::item_fields(schema).fields;
  if (user.empty() || item.empty()) return;
  module.register_buffer("user_fields", as_tensor(user));
  module.register_buffer("item_fields", as_tensor(item));
  module.register_buffer("user_columns", as_tensor(columns_of(user, dimension)));
  module.register_buffer("item_columns", as_tensor(columns_of(item, dimension)));
}

void register_tables(Module& module, const Head& ctr, const Head& cvr, bool shared) {
  const auto add = [&](const char* name, const SharedEmbedding& embedding) {
    if (embedding) module.register_parameter(name, as_float(embedding->table()), /*is_buffer=*/false);
  };
  add(shared ? "table" : "ctr_table", ctr.embedding);
  if (!shared) add("cvr_table", cvr.embedding);
  add("ctr_wide", ctr.tower->wide());
  add("cvr_wide", cvr.tower->wide());
}

void register_map(Module& module, const std::string& head, const calibration::Map& map) {
  using Kind = calibration::Map::Kind;
  if (map.kind == Kind::platt)
    module.register_buffer(head + "_line", torch::tensor({map.slope, map.intercept}, torch::kDouble));
  if (map.kind == Kind::isotonic) {
    module.register_buffer(head + "_points", torch::stack({torch::tensor(map.x, torch::kDouble),
                                                           torch::tensor(map.y, torch::kDouble)}));
  }
}

}  // namespace

Module make_script_module(const train::Run& run) {
  const Head ctr = run.model->ctr_head(), cvr = run.model->cvr_head();
  const bool shared = ctr.embedding.ptr() == cvr.embedding.ptr();
  const int64_t dimension = ctr.embedding->options().dimension;
  if (cvr.embedding->options().dimension != dimension)
    throw InternalError("the heads' tables differ in dimension");

  const ModelConfig& model = run.config.model;
  const auto unit = std::make_shared<torch::jit::CompilationUnit>();
  Module module = new_module("Model", unit);
  module.register_module("ctr_tower", make_tower(ctr.tower, model.activation, "CtrTower", unit));
  module.register_module("cvr_tower", make_tower(cvr.tower, model.activation, "CvrTower", unit));
  register_tables(module, ctr, cvr, shared);
  register_fields(module, run.schema, dimension);
  register_map(module, "ctr", run.calibration.ctr);
  register_map(module, "cvr", run.calibration.cvr);
  if (run.schema.mode == VocabularyMode::exact)
    module.register_buffer("vocabulary", as_tensor(run.vocabulary));
  module.define(model_source({.schema = run.schema,
                              .known_keys = static_cast<int64_t>(run.vocabulary.size()),
                              .shared_table = shared,
                              .wide = model.wide,
                              .cvr_head = run.model->cvr_head_is(),
                              .ctr_map = run.calibration.ctr.kind,
                              .cvr_map = run.calibration.cvr.kind}));
  return module;
}

}  // namespace esmm::exporting
