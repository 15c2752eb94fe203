#include "esmm/features/split_values.h"

namespace esmm {

void split_values(std::string_view text, std::string_view separator, std::vector<std::string_view>& values) {
  if (text.empty()) return;
  for (size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    values.push_back(text.substr(0, end));
    text.remove_prefix(end + separator.size());
  }
  values.push_back(text);
}

void split_weights(std::string_view text, std::string_view separator,
                   std::span<const std::string_view> values, std::vector<std::string_view>& weights) {
  const size_t before = weights.size(), wanted = before + values.size();
  split_values(text, separator, weights);
  while (weights.size() > wanted && weights.back().empty()) weights.pop_back();
  while (weights.size() < wanted && values[weights.size() - before].empty()) weights.emplace_back();
}

}  // namespace esmm
