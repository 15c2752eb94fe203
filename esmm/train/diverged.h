#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "esmm/config/data_config.h"
#include "esmm/config/model_config.h"
#include "esmm/data/dataset.h"

namespace esmm::train {

// Terms "ctr" and "ctcvr" that are more than half above the loss of always predicting the training base rate
// p,
//   factor * (-p log p - (1 - p) log(1 - p)),
// the factor being the term's in `factors`; in words, as in "loss_ctr 2.31 against 0.168"; "" where there are
// none. losses: means over `samples` samples. A term whose positives among so many samples are few (under 100
// expected) is left out: its mean is chance; so is one that `labels` give sample weights: the base rate is
// unweighted.
std::string far_above_base_rate(const std::map<std::string, double>& losses, int64_t samples,
                                const data::SplitCounts& counts, const LabelsConfig& labels,
                                const LossWeights& factors);

}  // namespace esmm::train
