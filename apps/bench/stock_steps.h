#pragma once

#include "apps/bench/train_case.h"

// The same model as a user of LibTorch writes it: torch::nn::EmbeddingBag, two torch::nn::Sequential towers,
// binary cross-entropy of pCTR and of pCTR * pCVR, optimisers of torch::optim. The case outlives the step.
namespace esmm::bench {

// The table's gradient is dense; one torch::optim::Adam has all parameters.
Step stock_dense_adam(const TrainCase& of);

// The table's gradient is sparse and goes to torch::optim::Adagrad, the one optimiser of LibTorch beside SGD
// that takes it; Adam has the towers.
Step stock_sparse_adagrad(const TrainCase& of);

// The towers, their losses and Adam on a fixed input that wants a gradient.
Step stock_towers(const TrainCase& of);

}  // namespace esmm::bench
