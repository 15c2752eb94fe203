#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace esmm {

enum class OutputBias {
  zero,
  base_rate,  // log-odds of the training base rate: calibrated at step 0, but costs a sparse head AUC
};

struct ModelConfig {
  std::string method = "esmm";                // one of the registered methods
  int64_t dimension = 16;                     // D, columns of the embedding table
  double table_std = 1e-3;                    // rows start as N(0, table_std^2)
  std::vector<int64_t> layers{360, 200, 80};  // hidden layers of each tower
  double dropout = 0.0;                       // after each hidden layer
  OutputBias output_bias = OutputBias::zero;
};

}  // namespace esmm
