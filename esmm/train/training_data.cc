#include "esmm/train/training_data.h"

#include <fmt/format.h>

#include <string_view>

#include "esmm/features/field_encoder.h"

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

}  // namespace esmm::train
