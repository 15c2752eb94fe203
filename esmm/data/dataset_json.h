#pragma once

#include <string>
#include <string_view>

#include "esmm/data/dataset_layout.h"

namespace esmm::data {

// The text of dataset.json.
std::string layout_to_json(const DatasetLayout& layout);

// Throws Error on anything that layout_to_json would not have written of a sound data set, saying what is
// wrong. where: the file.
DatasetLayout layout_from_json(std::string_view text, const std::string& where);

}  // namespace esmm::data
