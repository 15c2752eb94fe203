#pragma once

#include <filesystem>

#include "esmm/config/yaml_tree.h"

namespace esmm::config {

// Where `tree` has a top-level key `extends: other.yaml`, lays the tree over that file's (which may extend a
// third): maps are merged key by key, all other values replaced. The other file lies in the same folder, so
// that relative paths mean the same in both. Throws ConfigError.
YamlTree with_base(YamlTree tree, const std::filesystem::path& folder);

}  // namespace esmm::config
