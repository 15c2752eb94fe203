#include "esmm/predict/predictor.h"

#include "esmm/core/error.h"
#include "esmm/features/field_group.h"
#include "esmm/features/vocabulary.h"
#include "esmm/predict/bag_tensors.h"
#include "esmm/predict/exported_file.h"

#include <ATen/Parallel.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <algorithm>
#include <map>
#include <utility>

namespace esmm {
namespace {

using predict::BagTensors;

// Impressions scored at once: large enough for full speed, small enough to stay in cache.
constexpr int64_t kChunk = 2048;

// Takes the keys out of the module: an index of our own finds rows faster than the module's search.
Vocabulary take_vocabulary(torch::jit::Module& module, const Schema& schema) {
  if (schema.mode == VocabularyMode::hashed) return Vocabulary::hashed(schema.hash_bits, schema.size());
  const torch::Tensor keys = module.attr("vocabulary").toTensor();
  const int64_t* begin = keys.const_data_ptr<int64_t>();
  std::vector<int64_t> copy(begin, begin + keys.numel());
  module.setattr("vocabulary", torch::empty({0}, torch::kLong));
  return {std::move(copy), schema.size()};
}

void append(std::vector<float>& out, const torch::Tensor& values) {
  const torch::Tensor contiguous = values.contiguous();
  out.insert(out.end(), contiguous.const_data_ptr<float>(),
             contiguous.const_data_ptr<float>() + contiguous.numel());
}

void append(Prediction& out, const torch::jit::IValue& result) {
  const auto& elements = result.toTupleRef().elements();
  append(out.p_ctr, elements[0].toTensor());
  append(out.p_cvr, elements[1].toTensor());
  append(out.p_ctcvr, elements[2].toTensor());
}

void push(std::vector<torch::jit::IValue>& stack, const BagTensors& bags) {
  stack.emplace_back(bags.rows);
  stack.emplace_back(bags.offsets);
  stack.emplace_back(bags.weights);
}

// Runs one method over impressions 0 .. rows - 1 in chunks: arguments(begin, end) fills the stack.
template <class Arguments>
Prediction run(const torch::jit::Module& module, const char* method, int64_t rows,
               const Arguments& arguments) {
  const c10::InferenceMode no_gradients;
  Prediction prediction;
  for (auto* values : {&prediction.p_ctr, &prediction.p_cvr, &prediction.p_ctcvr})
    values->reserve(static_cast<size_t>(rows));
  for (int64_t begin = 0; begin < rows; begin += kChunk) {
    std::vector<torch::jit::IValue> stack;
    arguments(stack, begin, std::min(begin + kChunk, rows));
    append(prediction, module.get_method(method)(std::move(stack)));
  }
  return prediction;
}

}  // namespace

struct Predictor::State {
  explicit State(predict::ExportedFile file)
      : module(std::move(file.module)),
        schema(std::move(file.schema)),
        extras(std::move(file.extras)),
        encoder(schema),
        vocabulary(take_vocabulary(module, schema)),
        fields(all_fields(schema)),
        user_fields(esmm::user_fields(schema)),
        item_fields(esmm::item_fields(schema)) {
    std::vector<std::string> called{"score_pooled"};
    if (can_rank()) called.emplace_back("rank_pooled");
    torch::jit::freeze_module_inplace(&module, called);  // in place: the table is not copied
  }

  bool can_rank() const { return user_fields.size() > 0 && item_fields.size() > 0; }

  torch::jit::Module module;
  Schema schema;
  std::map<std::string, std::string> extras;
  RowEncoder encoder;
  Vocabulary vocabulary;
  FieldGroup fields, user_fields, item_fields;
};

Predictor::Predictor(const std::filesystem::path& file, const PredictorOptions& options) {
  if (options.threads > 0) at::set_num_threads(options.threads);
  torch::jit::getProfilingMode() = false;
  const c10::InferenceMode no_gradients;
  state_ = std::make_unique<State>(predict::read_exported_file(file));
}
Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor& Predictor::operator=(Predictor&&) noexcept = default;

const Schema& Predictor::schema() const { return state_->schema; }
const Vocabulary& Predictor::vocabulary() const { return state_->vocabulary; }
const RowEncoder& Predictor::encoder() const { return state_->encoder; }

const std::string& Predictor::metadata(const std::string& name) const {
  static const std::string none;
  const auto found = state_->extras.find(name);
  return found == state_->extras.end() ? none : found->second;
}

Prediction Predictor::score(const KeyBags& keys) const {
  const FieldGroup& fields = state_->fields;
  predict::require_bags(keys, fields, "keys");
  return run(state_->module, "score_pooled", keys.bags() / fields.size(),
             [&](auto& stack, int64_t begin, int64_t end) {
               push(stack, predict::to_bag_tensors(keys, begin, end, fields, state_->vocabulary));
             });
}

Prediction Predictor::rank(const KeyBags& user, const KeyBags& items) const {
  if (!state_->can_rank()) {
    throw Error({.what = "this model cannot rank items for a user",
                 .expected = "fields with side user and others",
                 .hint = "set `side` in the config's fields and train again, or use score"});
  }
  const FieldGroup &user_fields = state_->user_fields, &item_fields = state_->item_fields;
  predict::require_bags(user, user_fields, "user");
  predict::require_bags(items, item_fields, "items");
  if (user.bags() != user_fields.size()) {
    throw Error({.what = "expected one user",
                 .where = "user",
                 .got = std::to_string(user.bags() / user_fields.size())});
  }
  const c10::InferenceMode no_gradients;
  const BagTensors user_bags = predict::to_bag_tensors(user, 0, 1, user_fields, state_->vocabulary);
  return run(state_->module, "rank_pooled", items.bags() / item_fields.size(),
             [&](auto& stack, int64_t begin, int64_t end) {
               push(stack, user_bags);
               push(stack, predict::to_bag_tensors(items, begin, end, item_fields, state_->vocabulary));
             });
}

}  // namespace esmm
