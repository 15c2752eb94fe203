#pragma once

#include <string>

#include "esmm/report/report.h"

namespace esmm::report {

// A plot of AUC per value for each field with few values.
std::string slices_section(const ReportInput& input);

}  // namespace esmm::report
