#include "esmm/metrics/checks.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>

#include "esmm/core/error.h"

namespace esmm::metrics {

namespace {

template <typename Score>
void check_rows(std::span<const Score> scores, std::span<const float> labels) {
  check_same_size(scores.size(), labels.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    if (std::isnan(scores[i])) throw_score_is_nan(i);
    if (labels[i] != 0.0F && labels[i] != 1.0F) throw_label_is_neither(i, labels[i]);
  }
}

template <typename T>
void check_all_probabilities(const char* name, std::span<const T> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] >= 0 && values[i] <= 1)) throw_no_probability(name, i, static_cast<double>(values[i]));
  }
}

}  // namespace

void throw_score_is_nan(size_t row) {
  throw Error({.what = fmt::format("prediction of row {} is not a number", row),
               .expected = "a number",
               .got = "nan",
               .hint = "the model has diverged: lower the learning rate or look at its loss"});
}

void throw_label_is_neither(size_t row, double label) {
  throw Error({.what = fmt::format("bad label of row {}", row),
               .expected = "0 or 1",
               .got = fmt::format("{}", label),
               .hint = "check the labels of the data set"});
}

void throw_bad_mass(size_t row, double mass) {
  throw Error({.what = fmt::format("bad mass of row {}", row),
               .expected = "a finite number that is not negative",
               .got = fmt::format("{}", mass),
               .hint = "check the weights or true probabilities of the data set"});
}

void throw_no_probability(const char* name, size_t row, double value) {
  throw Error({.what = fmt::format("{} of row {} is no probability", name, row),
               .expected = "a number in [0, 1]",
               .got = fmt::format("{}", value),
               .hint = "a model that says this has diverged: lower the learning rate or look at its loss"});
}

void check_scores_and_labels(std::span<const float> scores, std::span<const float> labels) {
  check_rows(scores, labels);
}
void check_scores_and_labels(std::span<const double> scores, std::span<const float> labels) {
  check_rows(scores, labels);
}

void check_labels(std::span<const float> labels) {
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] != 0.0F && labels[i] != 1.0F) throw_label_is_neither(i, labels[i]);
  }
}

void check_weights(Weights weights, size_t rows) {
  if (weights.empty()) return;
  check_same_size(rows, weights.size());
  for (size_t i = 0; i < rows; ++i) {
    if (!(weights[i] >= 0) || std::isinf(weights[i])) throw_bad_mass(i, weights[i]);
  }
}

void check_probabilities(const char* name, std::span<const float> values) {
  check_all_probabilities(name, values);
}
void check_probabilities(const char* name, std::span<const double> values) {
  check_all_probabilities(name, values);
}

void check_row_count(size_t rows) {
  if (rows > std::numeric_limits<uint32_t>::max()) {
    throw Error({.what = "too many rows to evaluate at once",
                 .expected = "fewer than 2^32",
                 .got = std::to_string(rows),
                 .hint = "evaluate a part of them"});
  }
}

void check_same_size(size_t scores, size_t others) {
  if (scores != others)
    throw InternalError(fmt::format("metrics: {} scores beside {} values", scores, others));
}

}  // namespace esmm::metrics
