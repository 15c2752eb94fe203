#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace esmm {

enum class OutputBias {
  zero,
  base_rate,  // log-odds of the training base rate: calibrated at step 0, but costs a sparse head AUC
};

// Of the embedding table's numbers. In bfloat16 they take half the memory and are rounded stochastically;
// sums, gradients and the optimiser's state stay float.
enum class TableType { float32, bfloat16 };

enum class Activation { relu, prelu, dice };

// Factors of a method's loss terms, by the terms' names; those of any other name count once.
struct LossWeights {
  double ctr = 1.0;
  double cvr = 1.0;
  double ctcvr = 1.0;
};

// What the sampling methods draw, in each epoch anew.
struct SamplingConfig {
  double unclicked = 0.2;  // aman: share of unclicked impressions that count as no conversion
  double copies = 5.0;     // oversampling: how often a conversion counts
};

struct ModelConfig {
  std::string method = "esmm";  // one of the registered methods
  int64_t dimension = 16;       // D, columns of the embedding table
  TableType table_type = TableType::float32;
  double table_std = 1e-3;                         // rows start as N(0, table_std^2)
  std::vector<int64_t> layers{360, 200, 80};       // hidden layers of each tower
  std::optional<std::vector<int64_t>> cvr_layers;  // of the CVR tower; none: `layers`
  Activation activation = Activation::relu;        // after each hidden layer
  bool batch_norm = false;                         // before each activation
  double dropout = 0.0;                            // after each hidden layer
  bool wide = false;                               // each tower's logit gains a linear term
  OutputBias output_bias = OutputBias::zero;
  LossWeights loss_weights;
  SamplingConfig sampling;
  double propensity_floor = 0.02;       // unbias, escm2_*, dcmt: a smaller propensity counts as this
  double counterfactual_weight = 1e-3;  // dcmt: of |1 - (pCVR + counterfactual pCVR)|
};

}  // namespace esmm
