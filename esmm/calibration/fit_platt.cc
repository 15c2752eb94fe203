#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "esmm/calibration/fit.h"
#include "esmm/calibration/require_positives.h"
#include "esmm/core/error.h"
#include "esmm/metrics/sum.h"

namespace esmm::calibration {
namespace {

using metrics::Sum;

struct Line {
  double slope, intercept;
};

// The likelihood of a line and its derivatives.
struct Likelihood {
  double value = 0;
  double by_slope = 0, by_intercept = 0;
  double slope_slope = 0, slope_intercept = 0, intercept_intercept = 0;  // of -the second derivatives

  Likelihood(const Rows& rows, std::span<const double> x, const Line& line) {
    Sum total, g0, g1, h00, h01, h11;
    for (size_t i = 0; i < x.size(); ++i) {
      if (rows.weight[i] == 0 && rows.positive[i] == 0) continue;
      const double z = line.slope * x[i] + line.intercept, e = std::exp(-std::abs(z));
      const double sigmoid = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      const double log_rest = -std::max(z, 0.0) - std::log1p(e);  // log(1 - sigmoid(z))
      total.add(rows.positive[i] * z + rows.weight[i] * log_rest);
      const double miss = rows.positive[i] - rows.weight[i] * sigmoid;
      const double bend = rows.weight[i] * sigmoid * (1 - sigmoid);
      g0.add(miss);
      g1.add(miss * x[i]);
      h00.add(bend);
      h01.add(bend * x[i]);
      h11.add(bend * x[i] * x[i]);
    }
    value = total.value();
    by_slope = g1.value();
    by_intercept = g0.value();
    slope_slope = h11.value();
    slope_intercept = h01.value();
    intercept_intercept = h00.value();
  }

  Line newton_step() const {
    const double determinant = slope_slope * intercept_intercept - slope_intercept * slope_intercept;
    // One value of x alone says nothing of the slope.
    if (determinant <= 1e-12 * slope_slope * intercept_intercept)
      return {0, by_intercept / intercept_intercept};
    return {(by_slope * intercept_intercept - by_intercept * slope_intercept) / determinant,
            (by_intercept * slope_slope - by_slope * slope_intercept) / determinant};
  }
};

}  // namespace

Map fit_platt(const Rows& rows) {
  require_positives(rows);
  std::vector<double> x;
  for (const float p : rows.p) x.push_back(logit(p));
  Line line{1, 0};
  Likelihood here(rows, x, line);
  bool converged = false;
  for (int round = 0; round < 100 && !converged; ++round) {
    Line step = here.newton_step();
    converged = std::abs(step.slope) < 1e-9 && std::abs(step.intercept) < 1e-9;
    for (int halving = 0; halving < 40; ++halving) {
      const Line there{line.slope + step.slope, line.intercept + step.intercept};
      const Likelihood moved(rows, x, there);
      if (moved.value >= here.value) {
        here = moved;
        line = there;
        break;
      }
      step = {step.slope / 2, step.intercept / 2};
    }
  }
  if (!converged) {
    throw Error({.what = "Platt scaling finds no end: the scores keep positives and negatives apart",
                 .expected = "scores that overlap",
                 .hint = "give the validation split more impressions, or use isotonic"});
  }
  if (line.slope <= 0) {
    throw Error({.what = "Platt scaling finds that higher scores are no better",
                 .expected = "a slope above 0",
                 .got = fmt::format("{}", line.slope),
                 .hint = "train a better model, or leave it uncalibrated"});
  }
  return {.kind = Map::Kind::platt, .slope = line.slope, .intercept = line.intercept, .x = {}, .y = {}};
}

}  // namespace esmm::calibration
