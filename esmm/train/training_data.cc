#include "esmm/train/training_data.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "esmm/features/field_encoder.h"
#include "esmm/train/compare_configs.h"

namespace esmm::train {

std::string TrainingData::fingerprint() const {
  const std::string_view keys(reinterpret_cast<const char*>(vocabulary.data()),
                              vocabulary.size() * sizeof(int64_t));
  const data::SplitCounts& counts = train.counts();
  const std::string text = fmt::format("{} {} {} {} {}", schema_to_json(schema), table_rows,
                                       counts.impressions, counts.clicks, counts.conversions);
  // A key is a 64-bit hash of a text under a seed, which is what is wanted here.
  const int64_t hash = feature_key(text, static_cast<uint64_t>(feature_key(keys, 0)));
  return fmt::format("{:016x}", static_cast<uint64_t>(hash));
}

TrainingData training_data(const data::Dataset& dataset) {
  const Vocabulary vocabulary = dataset.vocabulary();
  return {.train = dataset.split("train"),
          .validation = dataset.has("validation") ? &dataset.split("validation") : nullptr,
          .schema = dataset.info().schema,
          .vocabulary = {vocabulary.keys().begin(), vocabulary.keys().end()},
          .table_rows = dataset.info().table_rows};
}

Config with_data_of(const data::Dataset& dataset, Config config) {
  const std::filesystem::path folder = config.data.path;
  Config made_with = parse_config(dataset.info().config, (folder / "dataset.json").string(), folder);
  require_same_data(made_with, config);
  config.data = std::move(made_with.data);
  config.data.path = folder;
  return config;
}

}  // namespace esmm::train
