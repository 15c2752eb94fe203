#pragma once

#include "esmm/config/config.h"

namespace esmm::train {

// Throws ConfigError, a problem per key, where a resumed run would not be the run that it was: any difference
// of model.*, calibration.* or train.* but run, device, cuda_graph, threads, loader_threads, epochs,
// max_steps, early_stop.patience and how often to log, validate and checkpoint.
void require_same_run(const Config& saved, const Config& now);

// Throws ConfigError, a problem per key, where the run would end elsewhere: any difference of model.*,
// calibration.* or train.* but run, device, cuda_graph, threads, loader_threads and how often to log and
// checkpoint.
void require_same_result(const Config& saved, const Config& now);

// Throws ConfigError, a problem per key, where the logs would be read in another way than the data set was
// made: any difference of data.* but path, placement, max_rejected and where the raw files lie. An entry of a
// list is found by its name, and the names themselves are compared in order.
void require_same_data(const Config& dataset, const Config& now);

}  // namespace esmm::train
