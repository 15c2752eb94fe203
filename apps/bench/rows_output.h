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

// The rows as JSON: an array of objects with the keys case, system, samples_per_second, min, max,
// ratio_to_stock and share_of_limit, and what each was measured with and on, so that files can be joined:
// threads, device, cpu (its model), cores, extensions, version and libtorch. What is not known is null.
void write_json(const std::filesystem::path& file, const Setting& setting, const std::vector<Row>& rows);

}  // namespace esmm::bench
