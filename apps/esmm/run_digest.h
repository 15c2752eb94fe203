#pragma once

#include <filesystem>
#include <string>

namespace esmm::apps {

// What a run is and how far it came, in a screen of text: method, fields, data set, losses, validation, the
// best step, checkpoints and evaluation.json. The model itself is not read. Throws Error where a file of the
// run is damaged.
std::string run_digest(const std::filesystem::path& folder);

}  // namespace esmm::apps
