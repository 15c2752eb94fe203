#pragma once

#include <string>

#include "esmm/report/comparison.h"

namespace esmm::report {

// A table of methods and, per head, a plot of their AUC, log loss and PCOC with error bars.
std::string comparison_section(const Comparison& comparison);

}  // namespace esmm::report
