#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace esmm {

// Changes of one letter (insert, delete, replace, or swap two neighbours) between two words.
int edit_distance(std::string_view a, std::string_view b);

// The name that `word` was probably meant to be; "" where none is near enough to be one's slip.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

// 'did you mean "x"?' with that name, or "" where there is none: a Problem's hint.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

}  // namespace esmm
