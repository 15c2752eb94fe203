#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "esmm/metrics/calibration.h"
#include "esmm/metrics/value.h"

namespace esmm::metrics {

// Metrics of one head over one space, exact and global. Where a weight is given for each row
// (cvr_entire_space: an impression is p_cvr of a positive and 1 - p_cvr of a negative), sums run over
// weights.
struct HeadMetrics {
  std::string space;  // impressions or clicks
  int64_t rows = 0;
  double positives = 0;
  Value auc, auc_ci_low, auc_ci_high;  // 95 % interval (DeLong)
  Value gauc;                          // per group, weighted by impressions; groups of one class left out
  int64_t gauc_groups = 0;
  Value logloss, normalized_entropy;             // log loss / entropy of the base rate
  Value pcoc;                                    // mean predicted / mean label
  Value ece;                                     // 20 bins of equal mass, those of the table
  std::vector<ReliabilityBin> reliability = {};  // empty: undefined for the same reason as ece
  Value auc_of_truth, logloss_of_truth;  // where the truth is known: what is the best that can be reached
};

// What a model said of each impression, and what is known of it. All spans have one entry per impression or
// are empty.
struct Scored {
  std::span<const float> p_ctr, p_cvr, p_ctcvr;  // predictions
  std::span<const float> click, conversion;      // 0 or 1
  std::span<const int64_t> group;                // empty: no GAUC
  std::span<const double> true_ctr, true_cvr;    // empty: not known
};

struct Evaluation {
  HeadMetrics ctr;                              // all impressions
  HeadMetrics cvr;                              // clicked impressions, as in the paper
  HeadMetrics ctcvr;                            // all impressions
  std::optional<HeadMetrics> cvr_entire_space;  // all impressions against the truth
};

// Each head's rows are sorted once, for ECE, reliability, GAUC and weighted AUC alike. Beside the input it
// needs at most 24 bytes an impression for a while (one head's labels and sort), 48 where true probabilities
// are known: 2.4 or 4.8 GB at 100 million. Throws Error on a prediction or true rate that is no probability,
// and on a label that is neither 0 nor 1.
Evaluation evaluate(const Scored& scored);

// evaluation.json's text; what is undefined is null beside "<metric>_reason".
std::string to_json(const Evaluation& evaluation);

// A metric by its name, as in "ctcvr.auc"; throws Error naming the known ones. higher_is_better of the same
// names.
Value metric(const Evaluation& evaluation, const std::string& name);
bool higher_is_better(const std::string& name);

}  // namespace esmm::metrics
