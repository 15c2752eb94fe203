#pragma once

#include <string>

#include "esmm/report/report.h"

namespace esmm::report {

// What the model is, what it was measured on, a table of metrics per head, and what speaks for and against
// them.
std::string summary_section(const ReportInput& input);

}  // namespace esmm::report
