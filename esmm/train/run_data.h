#pragma once

#include <string>

#include "esmm/data/dataset.h"
#include "esmm/train/trainer.h"

namespace esmm::train {

// Throws Error where the data set was prepared with other fields or another vocabulary than the one that the
// run was trained on: a table row means nothing but what the vocabulary of its training says.
void require_same_vocabulary(const Run& run, const data::Dataset& dataset);

// Why any split of the data set may hold impressions that the run learnt from, as a sentence; "" where it is
// the data set that the run was trained on.
std::string why_not_held_out(const Run& run, const data::Dataset& dataset);

}  // namespace esmm::train
