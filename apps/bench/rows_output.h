#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/bench/race.h"

namespace esmm::bench {

// The rows as a table for people.
std::string table_text(const std::vector<Row>& rows);

// The rows as a JSON array of objects with the keys case, system, samples_per_second, min, max,
// ratio_to_stock and share_of_limit; what a case has not is null.
void write_json(const std::filesystem::path& file, const std::vector<Row>& rows);

}  // namespace esmm::bench
