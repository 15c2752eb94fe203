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

template <>
struct Names<TableType> {
  static constexpr std::array all{"float32", "bfloat16"};
};

template <>
struct Names<Activation> {
  static constexpr std::array all{"relu", "prelu", "dice"};
};

template <class Visitor>
void describe(Keys<LossWeights>, Visitor&& visit) {
  using T = LossWeights;
  visit("ctr", &T::ctr, at_least(0), "of the click loss");
  visit("cvr", &T::cvr, at_least(0), "of the conversion loss, where a method has one");
  visit("ctcvr", &T::ctcvr, at_least(0), "of the click-and-conversion loss, where a method has one");
}

template <class Visitor>
void describe(Keys<SamplingConfig>, Visitor&& visit) {
  using T = SamplingConfig;
  visit("unclicked", &T::unclicked, between(0, 1),
        "aman: share of unclicked impressions that count as no conversion");
  visit("copies", &T::copies, at_least(1), "oversampling: how often a conversion counts");
}

template <class Visitor>
void describe(Keys<ModelConfig>, Visitor&& visit) {
  using T = ModelConfig;
  visit("method", &T::method, required(), "one of the registered methods (docs/methods.md)");
  visit("dimension", &T::dimension, between(1, 4096), "columns of the embedding table");
  visit("table_type", &T::table_type, any(),
        "of the table's numbers; bfloat16 takes half the memory, rounded stochastically, and all else stays "
        "float32");
  visit("table_std", &T::table_std, at_least(0), "the table's rows start as N(0, table_std^2)");
  visit("layers", &T::layers, between(1, 65536), "hidden layers of each tower");
  visit("cvr_layers", &T::cvr_layers, between(1, 65536), "hidden layers of the CVR tower; none: layers");
  visit("activation", &T::activation, any(),
        "after each hidden layer; prelu and dice learn the slope of the left side, one for each unit");
  visit("batch_norm", &T::batch_norm, any(), "normalise each hidden layer before its activation");
  visit("dropout", &T::dropout, below_one(), "after each hidden layer");
  visit("wide", &T::wide, any(),
        "add a linear term to each tower: a weight per table row, summed over the ids");
  visit("output_bias", &T::output_bias, any(), "zero, or the log-odds of the training base rate");
  visit("loss_weights", &T::loss_weights, any(), "factors of the loss terms");
  visit("sampling", &T::sampling, any(), "what the sampling methods draw, in each epoch anew");
  visit("propensity_floor", &T::propensity_floor, inside_one(),
        "unbias, escm2_ips, escm2_dr, dcmt: a smaller propensity counts as this");
  visit("counterfactual_weight", &T::counterfactual_weight, at_least(0),
        "dcmt: of |1 - (pCVR + counterfactual pCVR)|");
}

}  // namespace esmm::config
