#include "esmm/train/files/model_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "esmm/config/config.h"
#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/train/files/run_folder.h"
#include "esmm/train/files/tensor_file.h"
#include "esmm/train/learner.h"
#include "esmm/train/trainer.h"

namespace esmm::train {
namespace {

using Json = nlohmann::json;

constexpr const char* kKind = "esmm trained model 1";
constexpr const char* kVocabulary = "vocabulary";

// Without a copy: valid as long as `keys`.
torch::Tensor view_of(const std::vector<int64_t>& keys) {
  return torch::from_blob(const_cast<int64_t*>(keys.data()), {static_cast<int64_t>(keys.size())},
                          torch::kLong);
}

Json parse(const TensorFile& file, const std::filesystem::path& path) {
  Json json = Json::parse(file.text, nullptr, /*allow_exceptions=*/false);
  const std::string kind = json.is_object() ? json.value("kind", "another file") : "another file";
  if (kind != kKind) {
    throw Error({.what = "is no trained model of this version",
                 .where = path.string(),
                 .expected = kKind,
                 .got = kind,
                 .hint = "train again, in another run folder"});
  }
  return json;
}

std::string in_words(int64_t digest) { return fmt::format("{:016x}", static_cast<uint64_t>(digest)); }

std::vector<int64_t> take_vocabulary(TensorFile& file) {
  const torch::Tensor keys = file.tensors.at(kVocabulary);
  file.tensors.erase(kVocabulary);
  return {keys.const_data_ptr<int64_t>(), keys.const_data_ptr<int64_t>() + keys.numel()};
}

}  // namespace

void write_model(const std::filesystem::path& path, const Method& model, const ModelData& data) {
  const Json json = {{"kind", kKind},
                     {"config", data.config},
                     {"schema", schema_to_json(data.schema)},
                     {"table_rows", data.table_rows},
                     {"dataset", data.dataset}};
  TensorFile file{.text = json.dump(), .tensors = model_tensors(model)};
  file.tensors.emplace(kVocabulary, view_of(data.vocabulary));
  write_tensor_file(path, file);
}

std::string model_digest(const std::filesystem::path& path) { return in_words(read_digest(path)); }

void read_parameters(const std::filesystem::path& path, const Method& model) {
  TensorFile file = read_tensor_file(path);
  parse(file, path);
  file.tensors.erase(kVocabulary);
  copy_tensors(file.tensors, model_tensors(model), path.string());
}

Run load_run(const std::filesystem::path& run) {
  const RunFolder folder(run);
  folder.require_model();
  TensorFile file = read_tensor_file(folder.model());
  const Json json = parse(file, folder.model());
  Run loaded;
  loaded.config = parse_config(json.at("config").get<std::string>(), folder.model().string(), run);
  loaded.config.train.run = run;
  loaded.schema = schema_from_json(json.at("schema").get<std::string>());
  loaded.table_rows = json.at("table_rows").get<int64_t>();
  loaded.dataset = json.value("dataset", "");
  loaded.digest = in_words(file.digest);
  loaded.vocabulary = take_vocabulary(file);
  const ModelShape shape{.table_rows = loaded.table_rows, .schema = loaded.schema};
  loaded.model = make_method(loaded.config.model, shape, loaded.config.train.seed);
  copy_tensors(file.tensors, model_tensors(*loaded.model), folder.model().string());
  loaded.model->eval();
  if (std::filesystem::exists(folder.calibration())) {
    loaded.calibration =
        calibration::from_json(read_file(folder.calibration()), folder.calibration().string());
  }
  return loaded;
}

}  // namespace esmm::train
