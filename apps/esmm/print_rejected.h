#pragma once

#include <filesystem>
#include <vector>

#include "esmm/data/raw/rejected.h"

namespace esmm::apps {

// Prints what was rejected of each source and why, and the file that keeps it; nothing where no line was.
void print_rejected(const std::vector<data::SourceLines>& sources, const std::filesystem::path& file);

}  // namespace esmm::apps
