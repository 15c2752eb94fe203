#pragma once

#include <string>
#include <vector>

#include "esmm/report/report.h"

namespace esmm::report {

// Something that speaks for the report's numbers, or that a reader should mind.
struct Check {
  bool good;
  std::string text;
};

// How sure, how calibrated and how near to the best each head is, and whether the rows are fit to judge by.
std::vector<Check> checks(const ReportInput& input);

}  // namespace esmm::report
