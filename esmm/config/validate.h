#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/config/keys.h"
#include "esmm/config/problems.h"

namespace esmm::config {

// Contradictions between keys that can be seen without reading data. What could not be read (problems has it)
// is not judged again.
void validate(const Config& config, Problems& problems);

void validate_sources(const DataConfig& data, Problems& problems);  // sources, joins, derived
void validate_split(const DataConfig& data, Problems& problems);
void validate_fields(const DataConfig& data, Problems& problems);
void validate_labels(const DataConfig& data, Problems& problems);  // labels, truth, and what leaks them
void validate_train(const Config& config, Problems& problems);
void validate_compare(const CompareConfig& compare, Problems& problems);
void validate_tune(const Config& config, Problems& problems);
// A metric to choose by on the validation split, where `user` needs it. path: of the key that names it.
void validate_metric(const std::string& path, const std::string& user, const std::string& metric,
                     const Config& config, Problems& problems);
// Whether an experiment may set the key: one of model or train, but run and seed.
bool is_setting(std::string_view key);

// "data.fields[3]" and the like.
std::string entry_path(const std::string& list, size_t place);

// The names of a list's entries.
template <class T>
std::vector<std::string> names_of(const std::vector<T>& entries) {
  std::vector<std::string> names;
  for (const T& entry : entries) names.push_back(entry.name);
  return names;
}

// Tells of names that an earlier entry of the same list has.
void refuse_repeated(const std::vector<std::string>& names, const std::string& list, const std::string& key,
                     Problems& problems);

}  // namespace esmm::config
