#pragma once

#include <array>

#include "esmm/config/model_config.h"
#include "esmm/config/rule.h"

// The table of section model.
namespace esmm::config {

template <>
struct Names<OutputBias> {
  static constexpr std::array all{"zero", "base_rate"};
};

template <class Visitor>
void describe(Keys<ModelConfig>, Visitor&& visit) {
  using T = ModelConfig;
  visit("method", &T::method, required(), "one of the registered methods, as in esmm or base");
  visit("dimension", &T::dimension, between(1, 4096), "columns of the embedding table");
  visit("table_std", &T::table_std, at_least(0), "the table's rows start as N(0, table_std^2)");
  visit("layers", &T::layers, between(1, 65536), "hidden layers of each tower");
  visit("dropout", &T::dropout, below_one(), "after each hidden layer");
  visit("output_bias", &T::output_bias, any(), "zero, or the log-odds of the training base rate");
}

}  // namespace esmm::config
