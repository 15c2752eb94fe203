#pragma once

#include <string>

namespace esmm::train {

// Throws ConfigError, a problem per key, where a resumed run would not be the run that it was: any difference
// of model.* or train.* but run, device, threads, epochs, max_steps, early_stop.patience and how often to
// log, validate and checkpoint. Both are resolved configs, YAML.
void require_same_run(const std::string& saved, const std::string& now);

}  // namespace esmm::train
