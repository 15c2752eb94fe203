#pragma once

#include "esmm/features/bags.h"
#include "esmm/train/trainer.h"

#include <cstdint>
#include <functional>

namespace esmm::test {

struct TinyRunOptions {
  const char* method = "esmm";
  VocabularyMode mode = VocabularyMode::exact;
  std::function<void(Schema&)> change_schema = [](Schema&) {};
  std::vector<int64_t> layers{6, 4};
  std::function<void(ModelConfig&)> change_model = [](ModelConfig&) {};
  calibration::Calibration calibration{};
};

// Untrained networks with values far from zero on five fields:
//   user (user), hour (context), history (user, multi, mean, weights), item (item), tags (item, multi, sum,
//   weights)
// and in exact mode, the vocabulary of user u0 … u4, item (which history shares) i0 … i9, tags t0 … t2, hour
// 0 … 2.
train::Run tiny_run(const TinyRunOptions& options = {});

// Key of a raw value.
int64_t key_of(const Schema& schema, const char* field, const char* value);

// What the run's model says of impressions, by its own forward().
train::Scores score(const train::Run& run, const KeyBags& keys);

}  // namespace esmm::test
