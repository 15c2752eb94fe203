#pragma once

#include <cstddef>
#include <span>

#include "esmm/metrics/weights.h"

namespace esmm::metrics {

// Throw Error: a score that is not a number, a label that is neither 0 nor 1, a mass that is negative or not
// finite, a prediction that is no probability. row: from 0.
[[noreturn]] void throw_score_is_nan(size_t row);
[[noreturn]] void throw_label_is_neither(size_t row, double label);
[[noreturn]] void throw_bad_mass(size_t row, double mass);
[[noreturn]] void throw_no_probability(const char* name, size_t row, double value);

// Throw Error naming the first bad row.
void check_scores_and_labels(std::span<const float> scores, std::span<const float> labels);
void check_scores_and_labels(std::span<const double> scores, std::span<const float> labels);
void check_labels(std::span<const float> labels);
void check_weights(Weights weights, size_t rows);
// name: of the column, as in "p_ctr".
void check_probabilities(const char* name, std::span<const float> values);
void check_probabilities(const char* name, std::span<const double> values);
// Throws Error where there are 2^32 rows or more.
void check_row_count(size_t rows);
// Throws InternalError where two inputs differ in length.
void check_same_size(size_t scores, size_t others);

}  // namespace esmm::metrics
