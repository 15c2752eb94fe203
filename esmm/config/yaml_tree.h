#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace esmm::config {

// Where a value stands: line and column from 1; line 0: the origin has no lines (--set).
struct Place {
  std::string origin;
  int line = 0;
  int column = 0;

  std::string text() const { return line > 0 ? origin + ":" + std::to_string(line) : origin; }
};

// A value of a YAML file. Keys keep their order, duplicates included.
struct YamlTree {
  enum class Kind { nothing, text, list, map };

  Kind kind = Kind::nothing;
  std::string scalar{};                                     // text
  std::vector<YamlTree> items{};                            // list
  std::vector<std::pair<std::string, YamlTree>> entries{};  // map
  Place place{};                                            // of the key where there is one

  // The first value of a key; null where there is none.
  const YamlTree* find(std::string_view key) const;
  YamlTree* find(std::string_view key) { return const_cast<YamlTree*>(std::as_const(*this).find(key)); }
  // One step of a key path: a map's key; a list's entry by its `name`, or by place as in 2 or [2]. Null: not
  // there.
  const YamlTree* child(std::string_view step) const;
  YamlTree* child(std::string_view step) { return const_cast<YamlTree*>(std::as_const(*this).child(step)); }
  // "a list", "12" and the like, for messages.
  std::string in_words() const;
};

// Throws ConfigError where the text is not one YAML document.
YamlTree parse_yaml(const std::string& text, const std::string& origin);

// Steps of a key path as in a.b[2].c: "a", "b", "[2]", "c".
std::vector<std::string> split_path(std::string_view path);

// The place of the deepest part of `path` that is there.
Place place_of(const YamlTree& root, std::string_view path);

// What of the value at `path` --set gave, the whole or something inside it; null: nothing.
const YamlTree* overridden_in(const YamlTree& root, std::string_view path);

}  // namespace esmm::config
