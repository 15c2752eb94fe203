#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace esmm {

enum class Search {
  random,   // every trial is trained to its end
  halving,  // successive halving (Jamieson & Talwalkar, AISTATS 2016): short looks drop most trials
};

enum class RangeScale { linear, log, integer };

// Where one key's value is drawn from: one of `values`, or a number from low to high.
struct TuneRange {
  std::string key;
  std::optional<double> low, high;
  RangeScale scale = RangeScale::linear;
  std::vector<std::string> values;  // as --set takes them
};

// What `esmm tune` searches.
struct TuneConfig {
  std::filesystem::path out;
  std::string metric;  // on the validation split, as train.early_stop.metric
  Search search = Search::random;
  int64_t trials = 20;
  int64_t seeds_per_trial = 1;  // train.seed 1 to this; a trial counts with their mean
  int64_t keep_one_of = 3;      // halving
  uint64_t seed = 1;
  std::vector<TuneRange> ranges;
};

}  // namespace esmm
