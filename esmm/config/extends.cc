#include "esmm/config/extends.h"

#include <algorithm>
#include <utility>

#include "esmm/core/error.h"
#include "esmm/core/file.h"

namespace esmm::config {
namespace {

constexpr char kExtends[] = "extends";
constexpr int kLongestChain = 8;

void lay_over(YamlTree& base, YamlTree&& tree) {
  if (base.kind != YamlTree::Kind::map || tree.kind != YamlTree::Kind::map) {
    base = std::move(tree);
    return;
  }
  base.place = std::move(tree.place);
  for (auto& [key, value] : tree.entries) {
    if (YamlTree* known = base.find(key)) {
      lay_over(*known, std::move(value));
    } else {
      base.entries.emplace_back(key, std::move(value));
    }
  }
}

YamlTree merged(YamlTree tree, const std::filesystem::path& folder, int depth) {
  const YamlTree* extends = tree.find(kExtends);
  if (extends == nullptr) return tree;
  const std::string where = extends->place.text() + ": " + kExtends;
  const std::filesystem::path name = extends->scalar;
  if (extends->kind != YamlTree::Kind::text || name.empty() || name.has_parent_path()) {
    throw ConfigError({.what = "wrong value",
                       .where = where,
                       .expected = "the name of a config in the same folder",
                       .got = extends->in_words(),
                       .hint = "write it as in extends: kuairand.yaml"});
  }
  const std::filesystem::path file = folder / name;
  if (depth == kLongestChain || !std::filesystem::is_regular_file(file)) {
    throw ConfigError(
        {.what = depth == kLongestChain ? "configs extend each other without end" : "no such config",
         .where = where,
         .expected = "",
         .got = file.string(),
         .hint = "check the name"});
  }
  std::erase_if(tree.entries, [](const auto& entry) { return entry.first == kExtends; });
  YamlTree base = merged(parse_yaml(read_file(file), file.string()), folder, depth + 1);
  lay_over(base, std::move(tree));
  return base;
}

}  // namespace

YamlTree with_base(YamlTree tree, const std::filesystem::path& folder) {
  return merged(std::move(tree), folder, 0);
}

}  // namespace esmm::config
