#pragma once

#include <functional>
#include <string>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"
#include "esmm/predict/predictor.h"

namespace esmm::serve {

// A model under the name that requests use. score() must be thread-safe.
struct ServedModel {
  std::string name;
  Schema schema;
  std::function<Prediction(const KeyBags&)> score;
};

// Loads exported files, each given as FILE (its name without the extension names the model) or NAME=FILE.
// Throws ConfigError for a name that repeats or cannot stand in a URL, Error for a file that is no exported
// model.
std::vector<ServedModel> load_models(const std::vector<std::string>& specifications,
                                     const PredictorOptions& options);

}  // namespace esmm::serve
