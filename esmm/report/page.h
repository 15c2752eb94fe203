#pragma once

#include <string>
#include <vector>

namespace esmm::report {

// A section with a heading. content: HTML.
std::string section(const std::string& id, const std::string& heading, const std::string& content);

// The whole document, with its style sheet for light and dark.
std::string page(const std::string& title, const std::vector<std::string>& sections);

}  // namespace esmm::report
