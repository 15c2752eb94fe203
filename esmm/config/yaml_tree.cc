#include "esmm/config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "esmm/core/error.h"

namespace esmm::config {
namespace {

constexpr int kDeepest = 32;  // more is an alias that holds itself

Place place_at(const YAML::Mark& mark, const std::string& origin) {
  return {origin, mark.line + 1, mark.column + 1};
}

[[noreturn]] void refuse(const Place& place, const std::string& what, const std::string& hint) {
  throw ConfigError({.what = what, .where = place.text(), .expected = "", .got = "", .hint = hint});
}

YamlTree convert(const YAML::Node& node, Place place, int depth) {
  if (depth > kDeepest) refuse(place, "YAML is nested too deeply", "an alias (*name) may not hold itself");
  const std::string origin = place.origin;
  YamlTree tree{.place = std::move(place)};
  if (node.IsScalar()) {
    tree.kind = YamlTree::Kind::text;
    tree.scalar = node.Scalar();
  } else if (node.IsSequence()) {
    tree.kind = YamlTree::Kind::list;
    for (const YAML::Node& item : node)
      tree.items.push_back(convert(item, place_at(item.Mark(), origin), depth + 1));
  } else if (node.IsMap()) {
    tree.kind = YamlTree::Kind::map;
    for (const auto& entry : node) {
      const Place key_place = place_at(entry.first.Mark(), origin);
      if (!entry.first.IsScalar())
        refuse(key_place, "a key is not a plain word", "write keys as name: value");
      tree.entries.emplace_back(entry.first.Scalar(), convert(entry.second, key_place, depth + 1));
    }
  }
  return tree;
}

// Notes where the content of a document begins.
class ContentPlace : public YAML::EventHandler {
 public:
  YAML::Mark mark() const { return mark_; }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { note(mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { note(mark); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string&) override {
    note(mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    note(mark);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    note(mark);
  }
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnSequenceEnd() override {}
  void OnMapEnd() override {}

 private:
  void note(const YAML::Mark& mark) {
    if (!std::exchange(noted_, true)) mark_ = mark;
  }

  YAML::Mark mark_;
  bool noted_ = false;
};

// YAML::LoadAll is not asked: at a comma that is no part of a list or a map it gives empty documents without
// end.
void refuse_second_document(const std::string& text, const std::string& origin) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  ContentPlace first, second;
  if (!parser.HandleNextDocument(first) || !parser.HandleNextDocument(second)) return;
  refuse(place_at(second.mark(), origin), "more than one YAML document",
         "remove the line ---, or quote a text that holds a comma");
}

// Index of a step "[3]" or "3"; -1 where it is none.
int64_t index_in(std::string_view step) {
  if (step.starts_with('[')) step = step.substr(1, step.size() - 2);
  int64_t index = -1;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  return error == std::errc{} && end == step.data() + step.size() ? index : -1;
}

const YamlTree* overridden(const YamlTree& tree) {
  if (tree.place.line == 0) return &tree;
  for (const YamlTree& item : tree.items) {
    if (const YamlTree* found = overridden(item)) return found;
  }
  for (const auto& [key, value] : tree.entries) {
    if (const YamlTree* found = overridden(value)) return found;
  }
  return nullptr;
}

}  // namespace

const YamlTree* YamlTree::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.first == key; });
  return found == entries.end() ? nullptr : &found->second;
}

const YamlTree* YamlTree::child(std::string_view step) const {
  if (kind == Kind::map) return find(step);
  if (kind != Kind::list) return nullptr;
  if (!step.starts_with('[')) {
    for (const YamlTree& item : items) {
      const YamlTree* name = item.find("name");
      if (name != nullptr && name->scalar == step) return &item;
    }
  }
  const int64_t index = index_in(step);
  return index >= 0 && index < static_cast<int64_t>(items.size()) ? &items[index] : nullptr;
}

std::string YamlTree::in_words() const {
  switch (kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "keys with values";
    case Kind::text:
      break;
  }
  constexpr size_t kShown = 80;  // a whole file may be one text
  if (scalar.size() > kShown) {
    size_t end = kShown;
    while (end > 0 && (scalar[end] & 0xC0) == 0x80) --end;  // not within a character of UTF-8
    return scalar.substr(0, end) + "…";
  }
  return scalar.empty() ? "\"\"" : scalar;
}

YamlTree parse_yaml(const std::string& text, const std::string& origin) {
  try {
    refuse_second_document(text, origin);
    return convert(YAML::Load(text), {origin, 1, 1}, 0);
  } catch (const YAML::Exception& error) {
    refuse(place_at(error.mark, origin), "not valid YAML: " + error.msg,
           "check indentation, brackets and quotes near this line");
  }
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> steps;
  std::string step;
  const auto finish = [&] {
    if (!step.empty()) steps.push_back(std::move(step));
    step.clear();
  };
  for (const char c : path) {
    if (c == '.' || c == '[') finish();
    if (c != '.') step += c;
    if (c == ']') finish();
  }
  finish();
  return steps;
}

Place place_of(const YamlTree& root, std::string_view path) {
  const YamlTree* tree = &root;
  for (const std::string& step : split_path(path)) {
    const YamlTree* next = tree->child(step);
    if (next == nullptr) break;
    tree = next;
  }
  return tree->place;
}

const YamlTree* overridden_in(const YamlTree& root, std::string_view path) {
  const YamlTree* tree = &root;
  for (const std::string& step : split_path(path)) {
    tree = tree->child(step);
    if (tree == nullptr) return nullptr;
  }
  return overridden(*tree);
}

}  // namespace esmm::config
