#pragma once

#include <string>

#include "esmm/report/report.h"

namespace esmm::report {

// Curves of metrics.jsonl.
std::string training_section(const ReportInput& input);

}  // namespace esmm::report
