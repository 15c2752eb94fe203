#include <fmt/format.h>

#include "esmm/config/config.h"
#include "esmm/config/keys.h"

namespace esmm {
namespace config {
namespace {

template <class T>
std::string default_text(const T& value) {
  if constexpr (std::is_same_v<T, bool> || std::is_arithmetic_v<T>) {
    return fmt::format("`{}`", value);
  } else if constexpr (Named<T>) {
    return '`' + text_of(value) + '`';
  } else if constexpr (std::is_same_v<T, std::vector<int64_t>>) {
    return fmt::format("`[{}]`", fmt::join(value, ", "));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return value.empty() ? "" : '`' + value + '`';
  } else {
    return {};
  }
}

template <class T>
std::string allowed_text(const Rule& rule) {
  if constexpr (Named<T>) return type_in_words<T>();
  if (rule.choices.empty()) return rule.bounds();
  std::vector<std::string> given = rule.choices;
  std::erase(given, "");
  return list_in_words(given);
}

template <class T>
std::string type_text() {
  if constexpr (Named<T>) {
    return "a word";
  } else if constexpr (kIsList<T>) {
    if constexpr (!Described<typename T::value_type>) {
      return type_in_words<T>() + ": " + type_in_words<typename T::value_type>() + " each";
    }
    return "a list of keys with values";
  } else {
    return type_in_words<T>();
  }
}

template <class T>
struct Inner {
  using Type = T;
};
template <class T>
struct Inner<std::vector<T>> {
  using Type = T;
};

// One table per struct, those inside it behind it.
template <Described T>
void document(const std::string& path, const std::string& meaning, std::string& page) {
  page +=
      fmt::format("\n## {}\n\n{}\n\n| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n",
                  path, meaning);
  std::string inner_pages;
  const T defaults;
  describe(Keys<T>{}, [&](std::string_view name, auto member, const Rule& rule, std::string_view text) {
    using M = std::remove_cvref_t<decltype(defaults.*member)>;
    const std::string standard = default_text(defaults.*member);
    page +=
        fmt::format("| `{}` | {} | {} | {} | {} |\n", name, type_text<M>(),
                    standard.empty() && rule.required ? "required" : standard, allowed_text<M>(rule), text);
    if constexpr (Described<typename Inner<M>::Type>) {
      const std::string inner_path = child_path(path, name) + (kIsList<M> ? "[]" : "");
      document<typename Inner<M>::Type>(inner_path, std::string(text), inner_pages);
    }
  });
  page += inner_pages;
}

}  // namespace
}  // namespace config

std::string document_config() {
  std::string page =
      "# Keys of a config\n\n"
      "One YAML file has the sections `data`, `model` and `train`, and `compare` and `tune` where those "
      "commands are "
      "used. Relative paths\n"
      "resolve against the file's folder; `${NAME}` and `${NAME:-default}` in a path come from the "
      "environment. "
      "`--set a.b.c=value`\n"
      "overrides a key; an entry of a list is named by its place or its `name`, as in "
      "`--set data.fields.user_id.type=integer`.\n"
      "An unknown key is an error.\n\n"
      "`extends: other.yaml` at the top of a file lays it over another one of the same folder, which may\n"
      "extend a third. Maps are merged key by key; any other value, a list too, replaces the one below.\n";
  const Config defaults;
  config::describe(config::Keys<Config>{},
                   [&](std::string_view name, auto member, const auto&, std::string_view meaning) {
                     config::document<std::remove_cvref_t<decltype(defaults.*member)>>(
                         std::string(name), std::string(meaning), page);
                   });
  return page;
}

}  // namespace esmm
