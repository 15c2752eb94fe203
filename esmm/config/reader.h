#pragma once

#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "esmm/config/keys.h"
#include "esmm/config/paths.h"
#include "esmm/config/problems.h"
#include "esmm/config/yaml_tree.h"
#include "esmm/core/nearest.h"

namespace esmm::config {

// Fills a struct from YAML by its table. What is wrong goes to `problems`; the member then keeps its default.
class Reader {
 public:
  Reader(const std::filesystem::path& folder, Problems& problems) : folder_(folder), problems_(problems) {}

  template <Described T>
  void read(const YamlTree& tree, const std::string& path, const Rule&, T& out) {
    if (!is(tree, YamlTree::Kind::map, path, type_in_words<T>())) return;
    std::vector<std::string> keys;
    describe(Keys<T>{}, [&](std::string_view name, const auto&...) { keys.emplace_back(name); });
    const std::set<std::string> meant = check_keys(tree, path, keys);
    describe(Keys<T>{}, [&](std::string_view name, auto member, const Rule& rule, std::string_view) {
      const std::string key_path = child_path(path, name);
      if (const YamlTree* value = tree.find(name)) {
        read(*value, key_path, rule, out.*member);
      } else if (meant.contains(std::string(name))) {
        problems_.doubt(key_path);  // told already
      } else if constexpr (Described<std::remove_cvref_t<decltype(out.*member)>>) {
        read(YamlTree{.place = tree.place}, key_path, rule, out.*member);  // it may hold required keys
      } else if (rule.required && is_empty(out.*member)) {
        problems_.add(key_path, {.what = "missing", .hint = "it is required"});
      }
    });
  }

  template <class T>
  void read(const YamlTree& tree, const std::string& path, const Rule& rule, std::vector<T>& out) {
    out.clear();
    if (std::is_same_v<T, std::filesystem::path> && tree.kind == YamlTree::Kind::text) {
      read_item(tree, path, rule, out.emplace_back());
    } else if (is(tree, YamlTree::Kind::list, path, type_in_words<std::vector<T>>())) {
      for (size_t i = 0; i < tree.items.size(); ++i) {
        read_item(tree.items[i], path + '[' + std::to_string(i) + ']', rule, out.emplace_back());
      }
    }
    if (rule.required && out.empty()) refuse_empty(path);
  }

  template <class T>
  void read(const YamlTree& tree, const std::string& path, const Rule& rule, std::optional<T>& out) {
    out.reset();
    if (tree.kind != YamlTree::Kind::nothing) read(tree, path, rule, out.emplace());
  }

  template <Named E>
  void read(const YamlTree& tree, const std::string& path, const Rule&, E& out) {
    if (!is(tree, YamlTree::Kind::text, path, type_in_words<E>())) return;
    const std::optional<E> value = value_of<E>(tree.scalar);
    if (!value) return refuse_choice(tree, path, {Names<E>::all.begin(), Names<E>::all.end()});
    out = *value;
  }

  void read(const YamlTree& tree, const std::string& path, const Rule& rule, bool& out);
  void read(const YamlTree& tree, const std::string& path, const Rule& rule, int64_t& out) {
    number(tree, path, rule, out);
  }
  void read(const YamlTree& tree, const std::string& path, const Rule& rule, uint64_t& out) {
    number(tree, path, rule, out);
  }
  void read(const YamlTree& tree, const std::string& path, const Rule& rule, double& out) {
    number(tree, path, rule, out);
  }
  void read(const YamlTree& tree, const std::string& path, const Rule& rule, std::string& out);
  void read(const YamlTree& tree, const std::string& path, const Rule& rule, std::filesystem::path& out) {
    read_path(tree, path, rule, PathKind::plain, out);
  }

 private:
  template <class T>
  void number(const YamlTree& tree, const std::string& path, const Rule& rule, T& out) {
    if (!is(tree, YamlTree::Kind::text, path, type_in_words<T>())) return;
    T value{};
    const char* end = tree.scalar.data() + tree.scalar.size();
    const auto [stop, error] = std::from_chars(tree.scalar.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(static_cast<double>(value))) {
      return problems_.add(path,
                           {.what = "wrong type", .expected = type_in_words<T>(), .got = tree.in_words()});
    }
    if (!rule.holds(static_cast<double>(value))) {
      return problems_.add(
          path, {.what = "out of bounds", .expected = "a number " + rule.bounds(), .got = tree.scalar});
    }
    out = value;
  }

  template <class T>
  static bool is_empty(const T& value) {
    if constexpr (requires { value.empty(); }) return value.empty();
    return false;
  }

  // An entry of a list; a path there may be a glob.
  template <class T>
  void read_item(const YamlTree& tree, const std::string& path, const Rule& rule, T& out) {
    if constexpr (std::is_same_v<T, std::filesystem::path>) {
      read_path(tree, path, rule, PathKind::pattern, out);
    } else {
      read(tree, path, rule, out);
    }
  }

  void read_path(const YamlTree& tree, const std::string& path, const Rule& rule, PathKind kind,
                 std::filesystem::path& out);
  bool is(const YamlTree& tree, YamlTree::Kind kind, const std::string& path, const std::string& expected);
  void refuse_empty(const std::string& path);
  void refuse_choice(const YamlTree& tree, const std::string& path, const std::vector<std::string>& choices);
  // Tells of unknown keys and of keys given twice; returns the known keys that unknown ones were probably
  // meant to be.
  std::set<std::string> check_keys(const YamlTree& tree, const std::string& path,
                                   const std::vector<std::string>& keys);

  const std::filesystem::path& folder_;
  Problems& problems_;
};

}  // namespace esmm::config
