#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "esmm/data/dataset.h"

namespace esmm::train {

// What a run learns from.
struct TrainingData {
  const data::Split& train;
  const data::Split* validation = nullptr;  // none: no validation
  Schema schema;
  std::vector<int64_t> vocabulary;  // sorted keys; empty in hashed mode
  int64_t table_rows = 0;           // V

  // Tells data sets apart: a hash of fields, vocabulary and training counts.
  std::string fingerprint() const;
};

}  // namespace esmm::train
