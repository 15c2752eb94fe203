#include "esmm/config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace esmm::config {
namespace {

// a[3].b -> a[].b: the same mistake in another entry.
std::string without_places(const std::string& path) {
  std::string text;
  bool inside = false;
  for (const char c : path) {
    if (c == ']') inside = false;
    if (!inside) text += c;
    if (c == '[') inside = true;
  }
  return text;
}

// A message is one line, whatever the file's texts hold.
std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\r') {
      line += "\\r";
    } else {
      line += c;
    }
  }
  return line;
}

bool holds(std::string_view outer, std::string_view inner) {
  if (!inner.starts_with(outer)) return false;
  return inner.size() == outer.size() || outer.empty() || inner[outer.size()] == '.' ||
         inner[outer.size()] == '[';
}

}  // namespace

void Problems::add_at(const Place& place, const std::string& path, Problem problem) {
  const std::string mark = place.text() + ':' + std::to_string(place.column) + ' ' +
                           (place.line > 0 ? without_places(path) : path) + ' ';
  if (!seen_.insert(mark + problem.what + problem.expected + problem.got + problem.hint).second) return;
  for (std::string* text : {&problem.what, &problem.expected, &problem.got, &problem.hint})
    *text = on_one_line(*text);
  problem.where = path.empty() ? place.text() : place.text() + ": " + on_one_line(path);
  doubt(path);
  found_.push_back({place, std::move(problem)});
}

void Problems::add_within(const std::string& path, Problem problem) {
  const YamlTree* set = overridden_in(tree_, path);
  add_at(set != nullptr ? set->place : place_of(tree_, path), path, std::move(problem));
}

bool Problems::clean(std::string_view path) const {
  return std::none_of(doubts_.begin(), doubts_.end(),
                      [&](const std::string& doubt) { return holds(path, doubt); });
}

void Problems::throw_if_any() const {
  if (found_.empty()) return;
  std::vector<Found> sorted = found_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Found& a, const Found& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  std::vector<Problem> problems;
  for (Found& found : sorted) problems.push_back(std::move(found.problem));
  throw ConfigError(std::move(problems));
}

}  // namespace esmm::config
