#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/bench/race.h"

namespace esmm::bench {

// The rows as a table for people.
std::string table_text(const std::vector<Row>& rows);

// What rows were measured with.
struct Setting {
  int64_t threads = 1;
  std::string device = "cpu";
};

// The rows as JSON: an object with the keys version, libtorch, machine (cpu, cores, extensions), device,
// threads and rows, an array of objects with the keys case, system, samples_per_second, min, max,
// ratio_to_stock and share_of_limit. What the machine or a case has not is null.
void write_json(const std::filesystem::path& file, const Setting& setting, const std::vector<Row>& rows);

}  // namespace esmm::bench
