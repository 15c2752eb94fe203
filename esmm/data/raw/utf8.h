#pragma once

#include <string_view>

namespace esmm::data {

bool is_utf8(std::string_view text);

}  // namespace esmm::data
