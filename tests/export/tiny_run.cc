#include "tests/export/tiny_run.h"

#include "esmm/features/field_encoder.h"
#include "esmm/features/vocabulary.h"
#include "esmm/train/calibrate.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace esmm::test {
namespace {

Field new_field(const char* name, FieldKind kind, Side side) {
  Field field;
  field.name = name;
  field.kind = kind;
  field.side = side;
  return field;
}

Field new_list(const char* name, Side side, Pooling pooling, const char* weights) {
  Field field = new_field(name, FieldKind::multi, side);
  field.pooling = pooling;
  field.separator = "|";
  field.weights = weights;
  return field;
}

Schema tiny_schema(VocabularyMode mode) {
  Schema schema;
  schema.mode = mode;
  schema.hash_bits = 6;
  schema.fields = {new_field("user", FieldKind::categorical, Side::user),
                   new_field("hour", FieldKind::numeric, Side::context),
                   new_list("history", Side::user, Pooling::mean, "seconds"),
                   new_field("item", FieldKind::categorical, Side::item),
                   new_list("tags", Side::item, Pooling::sum, "relevance")};
  schema.fields[1].buckets = {.method = BucketMethod::edges, .edges = {6.0, 18.0}};
  schema.fields[2].shares = "item";
  return schema;
}

std::vector<int64_t> tiny_vocabulary(const Schema& schema) {
  std::vector<int64_t> keys;
  const auto add = [&](const char* field, const std::string& letter, int count) {
    for (int i = 0; i < count; ++i)
      keys.push_back(key_of(schema, field, (letter + std::to_string(i)).c_str()));
  };
  add("user", "u", 5);
  add("hour", "", 3);
  add("item", "i", 10);
  add("tags", "t", 3);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

int64_t key_of(const Schema& schema, const char* field, const char* value) {
  return feature_key(value, schema.seed_of(schema.index_of(field)));
}

train::Run tiny_run(const TinyRunOptions& options) {
  train::Run run;
  run.schema = tiny_schema(options.mode);
  options.change_schema(run.schema);
  const bool exact = options.mode == VocabularyMode::exact;
  if (exact) run.vocabulary = tiny_vocabulary(run.schema);
  run.table_rows = exact ? static_cast<int64_t>(run.vocabulary.size()) + run.schema.size()
                         : int64_t{1} << run.schema.hash_bits;
  run.config.model.method = options.method;
  run.config.model.dimension = 4;
  run.config.model.table_std = 0.7;
  run.config.model.layers = options.layers;
  options.change_model(run.config.model);
  run.model = make_method(run.config.model, {.table_rows = run.table_rows, .schema = run.schema}, /*seed=*/7);
  // What training would move away from where it starts.
  const torch::NoGradGuard no_gradients;
  auto generator = at::detail::createCPUGenerator(8);
  for (SharedEmbedding table : run.model->tables()) {
    if (table->options().std == 0) table->table().normal_(0, 0.7, generator);
  }
  for (auto& [name, tensor] : run.model->tower_parameters()) {
    if (tensor.dim() == 1) torch::Tensor(tensor).uniform_(0.1, 0.9, generator);
  }
  for (auto& buffer : run.model->named_buffers()) buffer.value().uniform_(0.1, 0.9, generator);
  run.model->eval();
  run.calibration = options.calibration;
  return run;
}

train::Scores score(const train::Run& run, const KeyBags& keys) {
  const torch::NoGradGuard no_gradients;
  Batch batch;
  batch.size = keys.bags() / run.schema.size();
  batch.bags = run.vocabulary.empty()
                   ? Vocabulary::hashed(run.schema.hash_bits, run.schema.size()).rows_of(keys)
                   : Vocabulary(run.vocabulary, run.schema.size()).rows_of(keys);
  batch.click.resize(static_cast<size_t>(batch.size));
  batch.conversion.resize(static_cast<size_t>(batch.size));
  std::vector<Pooling> pooling;
  for (const Field& field : run.schema.fields) pooling.push_back(field.pooling);
  const Probabilities p = run.model->probabilities(run.model->forward(to_tensors(batch, pooling)));
  const auto copy = [](const torch::Tensor& t) {
    return std::vector<float>(t.const_data_ptr<float>(), t.const_data_ptr<float>() + t.numel());
  };
  return train::calibrated(run.calibration, {copy(p.ctr), copy(p.cvr), copy(p.ctcvr)});
}

}  // namespace esmm::test
