#include "esmm/core/nearest.h"

#include <algorithm>
#include <cctype>

namespace esmm {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

// "learning" is meant to be "learning_rate", though five letters away.
bool one_starts_the_other(std::string_view a, std::string_view b) {
  const std::string_view shorter = a.size() < b.size() ? a : b;
  return shorter.size() >= 3 && a.starts_with(shorter) && b.starts_with(shorter);
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  const size_t width = b.size() + 1;
  std::vector<int> cost((a.size() + 1) * width);
  const auto at = [&](size_t i, size_t j) -> int& { return cost[i * width + j]; };
  for (size_t i = 0; i <= a.size(); ++i) at(i, 0) = static_cast<int>(i);
  for (size_t j = 0; j <= b.size(); ++j) at(0, j) = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      const int replace = at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
      }
    }
  }
  return cost.back();
}

std::string nearest(std::string_view word, const std::vector<std::string>& names) {
  constexpr size_t kLongest = 128;  // of what a person types; keeps the cost of a broken file down
  if (word.empty() || word.size() > kLongest) return {};
  const std::string typed = lower(word);
  std::string best;
  int best_distance = std::max(1, static_cast<int>(word.size()) / 3) + 1;
  for (const std::string& name : names) {
    if (name.size() > kLongest) continue;
    const int distance = edit_distance(typed, lower(name));
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  if (!best.empty()) return best;
  const auto start = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return name.size() <= kLongest && one_starts_the_other(typed, lower(name));
  });
  return start == names.end() ? std::string{} : *start;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
  const std::string name = nearest(word, names);
  return name.empty() ? name : "did you mean \"" + name + "\"?";
}

}  // namespace esmm
