#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "esmm/data/dataset_layout.h"
#include "esmm/data/mapped_rows.h"

namespace esmm::data {

using MappedTables = std::vector<std::shared_ptr<const MappedRows>>;  // as in the layout

MappedTables map_tables(const std::filesystem::path& folder, const DatasetLayout& layout);

// The split's shards. Throws Error where they do not hold what the layout says.
std::shared_ptr<Split> map_split(const std::filesystem::path& folder, const DatasetLayout& layout,
                                 const std::string& name, const MappedTables& tables);

}  // namespace esmm::data
