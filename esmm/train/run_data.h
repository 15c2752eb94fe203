#pragma once

#include <string>

#include "esmm/data/dataset.h"
#include "esmm/train/trainer.h"

namespace esmm::train {

// Throws Error where the data set was prepared with other fields or another vocabulary than the one that the
// run was trained on: a table row means nothing but what the vocabulary of its training says. Otherwise warns
// in the log of, and returns, why any of its splits may hold impressions that the run learnt from; "" where
// it is the data set that the run was trained on.
std::string check_data_of(const Run& run, const data::Dataset& dataset);

}  // namespace esmm::train
