#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace esmm {

// Appends the values of a text between separators: one more than there are separators, so that a value and
// its weight stand at the same place; none of the empty text. FieldEncoder::append skips empty values.
void split_values(std::string_view text, std::string_view separator, std::vector<std::string_view>& values);

// Appends the texts of their weights: as many as values, where those that are missing at the end are of empty
// values and those that are too many are empty; else as many as there are.
void split_weights(std::string_view text, std::string_view separator,
                   std::span<const std::string_view> values, std::vector<std::string_view>& weights);

}  // namespace esmm
