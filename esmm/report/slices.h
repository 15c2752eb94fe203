#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "esmm/data/dataset.h"
#include "esmm/metrics/auc.h"
#include "esmm/metrics/evaluation.h"

namespace esmm::report {

// The rows of one value of a field.
struct Slice {
  std::string name;
  int64_t rows = 0, clicks = 0, conversions = 0;
  metrics::Auc ctr, cvr, ctcvr;  // cvr: over the slice's clicked rows
};

struct FieldSlices {
  std::string field;
  std::vector<Slice> slices = {};  // most rows first
  int64_t values = 0;              // distinct ones; some may have no slice
};

inline constexpr int64_t kMostValues = 50;  // a field with more is left out
inline constexpr size_t kMostSlices = 20;   // of a field
inline constexpr size_t kMostFields = 12;

// AUC per value of each single-valued field with 2 to kMostValues distinct values in the split, in field
// order, the first kMostFields of them. scored: of the split, in its order. vocabulary: sorted keys; empty in
// hashed mode.
std::vector<FieldSlices> report_slices(const data::Split& split, const Schema& schema,
                                       std::span<const int64_t> vocabulary, const metrics::Scored& scored);

}  // namespace esmm::report
