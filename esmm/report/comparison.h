#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/metrics/value.h"

namespace esmm::report {

// A metric of one entry of a comparison over its seeds.
struct ComparedMetric {
  metrics::Value mean, deviation;  // over seeds; sample standard deviation
  metrics::Value p_value;          // against the baseline
};

struct ComparedEntry {
  std::string name, method;
  size_t seeds = 0;  // finished
  std::optional<double> parameters, train_seconds;
  std::map<std::string, std::map<std::string, ComparedMetric>> heads;  // head -> metric -> numbers
};

// What `esmm compare` wrote.
struct Comparison {
  std::string dataset;
  double test_rows = 0;
  double wanted = 0, finished = 0;  // cells
  std::string baseline;             // name of an entry; empty: none
  std::vector<ComparedEntry> entries;
};

// Reads comparison.json. Throws Error where the text is none. where: for the message.
Comparison parse_comparison(std::string_view json, const std::string& where);

}  // namespace esmm::report
