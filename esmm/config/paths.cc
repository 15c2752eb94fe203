#include "esmm/config/paths.h"

#include <cstdlib>
#include <string_view>

#include "esmm/core/error.h"

namespace esmm::config {
namespace {

// Text in which glob() sees no pattern.
std::string literal(const std::string& text, PathKind kind) {
  if (kind == PathKind::plain) return text;
  std::string escaped;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[') {
      escaped += {'[', c, ']'};
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// What stands between ${ and }.
std::string value_of(const std::string& inside, PathKind kind) {
  const size_t split = inside.find(":-");
  const std::string name = inside.substr(0, split);
  const char* value = std::getenv(name.c_str());
  if (value != nullptr && (*value != '\0' || split == std::string::npos)) return literal(value, kind);
  if (split != std::string::npos) return inside.substr(split + 2);
  throw Error({.what = "the environment variable " + name + " is not set",
               .hint = "export it, or write ${" + name + ":-default}"});
}

std::string expand(const std::string& text, PathKind kind) {
  std::string expanded;
  size_t done = 0;
  for (size_t start; (start = text.find("${", done)) != std::string::npos;) {
    const size_t end = text.find('}', start);
    if (end == std::string::npos)
      throw Error({.what = "a variable is not closed", .expected = "${NAME}", .got = text.substr(start)});
    expanded += text.substr(done, start - done) + value_of(text.substr(start + 2, end - start - 2), kind);
    done = end + 1;
  }
  return expanded + text.substr(done);
}

}  // namespace

std::filesystem::path resolve_path(const std::string& text, const std::filesystem::path& folder,
                                   PathKind kind) {
  const std::filesystem::path path = expand(text, kind);
  if (path.empty() || path.is_absolute()) return path.lexically_normal();
  return (literal(folder.string(), kind) / path).lexically_normal();
}

}  // namespace esmm::config
