#include "esmm/config/rule.h"

#include <fmt/format.h>

namespace esmm::config {

std::string Rule::bounds() const {
  if (bounded_below() && bounded_above()) {
    return fmt::format("in {}{}, {}{}", low_open ? '(' : '[', low, high, high_open ? ')' : ']');
  }
  if (bounded_below()) return fmt::format("{} {}", low_open ? ">" : ">=", low);
  if (bounded_above()) return fmt::format("{} {}", high_open ? "<" : "<=", high);
  return {};
}

std::string child_path(std::string_view path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

std::string list_in_words(const std::vector<std::string>& words, const std::string& last) {
  std::string text;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? ' ' + last + ' ' : ", ";
    text += words[i].empty() ? "\"\"" : words[i];
  }
  return text;
}

}  // namespace esmm::config
