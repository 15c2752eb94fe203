#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace esmm::config {

// What a key's value must keep to. For a list of numbers: each of them.
struct Rule {
  bool required = false;  // must be there, and hold something
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;  // low itself is out of bounds
  bool high_open = false;
  std::vector<std::string> choices{};  // text: allowed values; empty: any

  bool bounded_below() const { return low > -std::numeric_limits<double>::infinity(); }
  bool bounded_above() const { return high < std::numeric_limits<double>::infinity(); }
  bool holds(double value) const {
    return (low_open ? value > low : value >= low) && (high_open ? value < high : value <= high);
  }
  // ">= 1", "in [0, 1)"; "" where there are no bounds.
  std::string bounds() const;
};

inline Rule any() { return {}; }
inline Rule required() { return {.required = true}; }
inline Rule at_least(double low) { return {.low = low}; }
inline Rule above(double low) { return {.low = low, .low_open = true}; }
inline Rule between(double low, double high) { return {.low = low, .high = high}; }
inline Rule below_one() { return {.low = 0, .high = 1, .high_open = true}; }                     // [0, 1)
inline Rule inside_one() { return {.low = 0, .high = 1, .low_open = true, .high_open = true}; }  // (0, 1)
inline Rule one_of(std::vector<std::string> choices) { return {.choices = std::move(choices)}; }

// "data" and "path" -> "data.path".
std::string child_path(std::string_view path, std::string_view key);

// Texts of an enum's values: Names<E>::all, in the order of the values.
template <class E>
struct Names;

template <class E>
concept Named = requires {
  Names<E>::all;
};

template <Named E>
std::string text_of(E value) {
  return Names<E>::all[static_cast<size_t>(value)];
}

// The value that has this text; none where there is none.
template <Named E>
std::optional<E> value_of(std::string_view text) {
  for (size_t k = 0; k < Names<E>::all.size(); ++k) {
    if (text == Names<E>::all[k]) return static_cast<E>(k);
  }
  return std::nullopt;
}

// Stands for a struct in its table: describe(Keys<ModelConfig>{}, visit) calls
//   visit(key, pointer to member, Rule, meaning)
// for each key, in order. Reading, dumping and documenting are visitors.
template <class T>
struct Keys {};

// "a, b or c".
std::string list_in_words(const std::vector<std::string>& words, const std::string& last = "or");

}  // namespace esmm::config
