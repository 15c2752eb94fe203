#include "esmm/train/files/checkpoint.h"

#include <nlohmann/json.hpp>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

using Json = nlohmann::json;

constexpr const char* kKind = "esmm checkpoint 1";

Json to_json(const TrainState& state) {
  return {{"step", state.step},
          {"seconds", state.seconds},
          {"loss_sums", state.loss_sums},
          {"loss_samples", state.loss_samples},
          {"best", state.best.value ? Json(*state.best.value) : Json(nullptr)},
          {"best_step", state.best.step},
          {"validations_since_best", state.best.validations_since}};
}

TrainState state_from(const Json& json) {
  TrainState state;
  json.at("step").get_to(state.step);
  json.at("seconds").get_to(state.seconds);
  json.at("loss_sums").get_to(state.loss_sums);
  json.at("loss_samples").get_to(state.loss_samples);
  if (!json.at("best").is_null()) state.best.value = json.at("best").get<double>();
  json.at("best_step").get_to(state.best.step);
  json.at("validations_since_best").get_to(state.best.validations_since);
  return state;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const Json json = {{"kind", kKind},
                     {"state", to_json(checkpoint.state)},
                     {"config", checkpoint.config},
                     {"dataset", checkpoint.dataset}};
  write_tensor_file(path, {.text = json.dump(), .tensors = checkpoint.tensors});
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  TensorFile file = read_tensor_file(path);
  const Json json = Json::parse(file.text, nullptr, /*allow_exceptions=*/false);
  const std::string kind = json.is_object() ? json.value("kind", "another file") : "another file";
  if (kind != kKind) {
    throw Error({.what = "is no checkpoint of this version",
                 .where = path.string(),
                 .expected = kKind,
                 .got = kind,
                 .hint = "train again, in another run folder"});
  }
  return {.state = state_from(json.at("state")),
          .config = json.at("config").get<std::string>(),
          .dataset = json.at("dataset").get<std::string>(),
          .tensors = std::move(file.tensors)};
}

}  // namespace esmm::train
