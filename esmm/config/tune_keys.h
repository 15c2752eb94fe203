#pragma once

#include <array>

#include "esmm/config/rule.h"
#include "esmm/config/tune_config.h"

// The tables of section tune.
namespace esmm::config {

template <>
struct Names<Search> {
  static constexpr std::array all{"random", "halving"};
};
template <>
struct Names<RangeScale> {
  static constexpr std::array all{"linear", "log", "integer"};
};

template <class Visitor>
void describe(Keys<TuneRange>, Visitor&& visit) {
  using T = TuneRange;
  visit("key", &T::key, required(), "a key of model or train, as in `train.towers.learning_rate`");
  visit("low", &T::low, any(), "smallest value");
  visit("high", &T::high, any(), "largest value");
  visit("scale", &T::scale, any(),
        "linear: evenly; log: evenly in the logarithm; integer: whole numbers, evenly");
  visit("values", &T::values, any(),
        "instead of low and high: one of these, as in `[\"[64, 32]\", \"[128, 64]\"]`");
}

template <class Visitor>
void describe(Keys<TuneConfig>, Visitor&& visit) {
  using T = TuneConfig;
  visit("out", &T::out, any(), "folder of the search and its runs; or --out");
  visit("metric", &T::metric, any(), "on the validation split, as in ctcvr.auc or cvr.logloss");
  visit("search", &T::search, any(),
        "random: every trial is trained to its end; halving: short looks drop most trials");
  visit("trials", &T::trials, between(1, 100000), "settings that are drawn");
  visit("seeds_per_trial", &T::seeds_per_trial, between(1, 1000),
        "train.seed 1 to this; a trial counts with their mean");
  visit("keep_one_of", &T::keep_one_of, between(2, 100),
        "halving: of so many trials one goes on to the next look");
  visit("seed", &T::seed, any(), "another seed, other trials");
  visit("ranges", &T::ranges, any(), "what is drawn");
}

}  // namespace esmm::config
