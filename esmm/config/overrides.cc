#include "esmm/config/overrides.h"

#include <algorithm>
#include <utility>

#include "esmm/core/error.h"

namespace esmm::config {
namespace {

constexpr const char* kOrigin = "--set";

bool is_names(const YamlTree* names) {
  const auto is_text = [](const YamlTree& item) { return item.kind == YamlTree::Kind::text; };
  return names != nullptr && names->kind == YamlTree::Kind::list && !names->items.empty() &&
         std::all_of(names->items.begin(), names->items.end(), is_text);
}

void expand_entry(YamlTree entry, std::vector<YamlTree>& out) {
  if (!is_names(entry.find("names"))) {
    out.push_back(std::move(entry));
    return;
  }
  const auto at = std::find_if(entry.entries.begin(), entry.entries.end(),
                               [](const auto& pair) { return pair.first == "names"; });
  const YamlTree names = std::move(at->second);
  at->first = "name";
  for (const YamlTree& name : names.items) {
    at->second = name;
    out.push_back(entry);
  }
}

[[noreturn]] void refuse(Problem problem) {
  problem.where = kOrigin;
  throw ConfigError(std::move(problem));
}

// The value that a step of the path leads to, made where a map lacks it.
YamlTree& step_into(YamlTree& tree, const std::string& step, const std::string& text) {
  if (tree.kind == YamlTree::Kind::nothing) tree.kind = YamlTree::Kind::map;
  if (YamlTree* child = tree.child(step)) return *child;
  if (tree.kind != YamlTree::Kind::map) {
    const bool list = tree.kind == YamlTree::Kind::list;
    refuse({.what = "nothing is called \"" + step + "\"",
            .got = text,
            .hint = list ? "the list has " + std::to_string(tree.items.size()) + " entries, counted from 0"
                         : "the key above it holds a single value"});
  }
  return tree.entries.emplace_back(step, YamlTree{.place = {.origin = kOrigin}}).second;
}

void set_place(YamlTree& tree) {
  tree.place = {.origin = kOrigin};
  for (YamlTree& item : tree.items) set_place(item);
  for (auto& [key, value] : tree.entries) set_place(value);
}

// What YAML takes for the begin of something that a single line does not hold: a block of text, a comment.
bool is_plain(const std::string& value) { return value.empty() || (value.find_first_of("|>#") == 0); }

YamlTree parse_value(const std::string& value, const std::string& text) {
  if (is_plain(value) && value.find('\n') == std::string::npos)
    return {.kind = YamlTree::Kind::text, .scalar = value, .place = {.origin = kOrigin}};
  try {
    YamlTree tree = parse_yaml(value, kOrigin);
    set_place(tree);
    return tree;
  } catch (const ConfigError&) {
    refuse({.what = "the value is not valid YAML",
            .got = text,
            .hint = "close its brackets and quotes, and quote a comma"});
  }
}

}  // namespace

void expand_names(YamlTree& root) {
  YamlTree* data = root.find("data");
  YamlTree* fields = data == nullptr ? nullptr : data->find("fields");
  if (fields == nullptr) return;
  std::vector<YamlTree> expanded;
  for (YamlTree& entry : fields->items) expand_entry(std::move(entry), expanded);
  fields->items = std::move(expanded);
}

void apply_override(YamlTree& root, const std::string& text) {
  const size_t equals = text.find('=');
  const std::vector<std::string> steps = split_path(text.substr(0, equals));
  if (equals == std::string::npos || steps.empty()) {
    refuse({.what = "not an override", .expected = "key.path=value, as in train.epochs=2", .got = text});
  }
  YamlTree value = parse_value(text.substr(equals + 1), text);
  YamlTree* tree = &root;
  for (const std::string& step : steps) tree = &step_into(*tree, step, text);
  *tree = std::move(value);
}

}  // namespace esmm::config
