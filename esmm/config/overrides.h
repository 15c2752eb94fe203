#pragma once

#include <string>
#include <vector>

#include "esmm/config/problems.h"
#include "esmm/config/yaml_tree.h"

namespace esmm::config {

// An entry of data.fields that says `names: [a, b]` becomes one entry per name. What is malformed is left
// alone.
void expand_names(YamlTree& root);

// Puts "a.b.c=value" into the tree. A list's entry is named by its place or by its `name`. Throws
// ConfigError.
void apply_override(YamlTree& root, const std::string& text);

}  // namespace esmm::config
