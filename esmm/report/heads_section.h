#pragma once

#include <string>
#include <vector>

#include "esmm/report/heads.h"

namespace esmm::report {

// Per head: ROC, precision-recall, reliability and score histogram.
std::string heads_section(const std::vector<HeadReport>& heads);

}  // namespace esmm::report
