#pragma once

#include <filesystem>
#include <string>

namespace esmm::config {

enum class PathKind {
  plain,
  pattern,  // may hold * ? []; what the folder or a variable brings in is meant as it stands
};

// A path of a config: ${NAME} and ${NAME:-default} become what the environment says, then relative becomes
// absolute against `folder`. Empty stays empty. Throws Error (without place) for a variable that is not set.
std::filesystem::path resolve_path(const std::string& text, const std::filesystem::path& folder,
                                   PathKind kind);

}  // namespace esmm::config
