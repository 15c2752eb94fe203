#include "esmm/serve/served_model.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/log.h"

namespace esmm::serve {
namespace {

struct Specification {
  std::string name;
  std::filesystem::path file;
};

Specification parse(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals != std::string::npos) return {text.substr(0, equals), text.substr(equals + 1)};
  return {std::filesystem::path(text).stem().string(), text};
}

void check_name(const Specification& specification, const std::vector<ServedModel>& models) {
  const std::string& name = specification.name;
  const char* const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  if (name.empty() || name.find_first_not_of(letters) != std::string::npos) {
    throw ConfigError({.what = "bad model name",
                       .expected = "letters, digits, '_', '.' and '-'",
                       .got = "'" + name + "'",
                       .hint = "give one: NAME=" + specification.file.string()});
  }
  if (std::any_of(models.begin(), models.end(),
                  [&](const ServedModel& model) { return model.name == name; })) {
    throw ConfigError({.what = "two models are named '" + name + "'",
                       .hint = "name one of them: NAME=" + specification.file.string()});
  }
}

}  // namespace

std::vector<ServedModel> load_models(const std::vector<std::string>& specifications,
                                     const PredictorOptions& options) {
  std::vector<ServedModel> models;
  for (const std::string& text : specifications) {
    const Specification specification = parse(text);
    check_name(specification, models);
    const auto predictor = std::make_shared<Predictor>(specification.file, options);
    models.push_back({specification.name, predictor->schema(),
                      [predictor](const KeyBags& keys) { return predictor->score(keys); }});
    log::info("model '{}' loaded from {}", specification.name, specification.file.string());
  }
  return models;
}

}  // namespace esmm::serve
