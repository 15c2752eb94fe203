#include "esmm/config/reader.h"

#include <algorithm>

namespace esmm::config {

// An absent struct or list is an empty one; any other value must be there.
bool Reader::is(const YamlTree& tree, YamlTree::Kind kind, const std::string& path,
                const std::string& expected) {
  if (tree.kind == kind) return true;
  if (tree.kind == YamlTree::Kind::nothing && kind != YamlTree::Kind::text) return true;
  problems_.add(path, {.what = "wrong type", .expected = expected, .got = tree.in_words()});
  return false;
}

void Reader::refuse_empty(const std::string& path) {
  if (problems_.clean(path)) problems_.add(path, {.what = "is empty", .hint = "it is required"});
}

void Reader::refuse_choice(const YamlTree& tree, const std::string& path,
                           const std::vector<std::string>& choices) {
  std::vector<std::string> shown = choices;
  std::erase(shown, "");
  problems_.add(path, {.what = "not one of the choices",
                       .expected = list_in_words(shown),
                       .got = tree.in_words(),
                       .hint = did_you_mean(tree.scalar, shown)});
}

std::set<std::string> Reader::check_keys(const YamlTree& tree, const std::string& path,
                                         const std::vector<std::string>& keys) {
  std::set<std::string> present, meant;
  for (const auto& [key, value] : tree.entries) {
    if (!present.insert(key).second) {
      problems_.add_at(value.place, child_path(path, key),
                       {.what = "the key is given twice", .hint = "remove one of the two"});
    } else if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
      const std::string near = nearest(key, keys);
      meant.insert(near);
      problems_.add_at(value.place, child_path(path, key),
                       {.what = "unknown key",
                        .hint = near.empty() ? "the keys here are " + list_in_words(keys, "and")
                                             : did_you_mean(key, keys)});
    }
  }
  return meant;
}

void Reader::read(const YamlTree& tree, const std::string& path, const Rule&, bool& out) {
  if (tree.kind == YamlTree::Kind::text && (tree.scalar == "true" || tree.scalar == "false")) {
    out = tree.scalar == "true";
  } else {
    problems_.add(path, {.what = "wrong type", .expected = type_in_words<bool>(), .got = tree.in_words()});
  }
}

void Reader::read(const YamlTree& tree, const std::string& path, const Rule& rule, std::string& out) {
  if (!is(tree, YamlTree::Kind::text, path, type_in_words<std::string>())) return;
  const auto& choices = rule.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), tree.scalar) == choices.end()) {
    return refuse_choice(tree, path, choices);
  }
  out = tree.scalar;
  if (rule.required && out.empty()) refuse_empty(path);
}

void Reader::read_path(const YamlTree& tree, const std::string& path, const Rule& rule, PathKind kind,
                       std::filesystem::path& out) {
  if (!is(tree, YamlTree::Kind::text, path, type_in_words<std::filesystem::path>())) return;
  try {
    out = resolve_path(tree.scalar, folder_, kind);
    if (rule.required && out.empty()) refuse_empty(path);
  } catch (const Error& error) {
    problems_.add(path, error.problems().front());
  }
}

}  // namespace esmm::config
