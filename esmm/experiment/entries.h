#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esmm/config/config.h"
#include "esmm/experiment/load_config.h"

namespace esmm::experiment {

// One row of a comparison, with the config that its runs share.
struct Entry {
  std::string name, method;
  std::vector<std::string> set;
  Config config;  // without the experiment's own sections
};

// What is compared, in order. wanted: names of compare.entries or of methods; empty: the entries, or every
// method where there are none. The first entry of method "base" gives the external pCTR; an entry "base" is
// put in front where there is none. methods: the registered ones. Throws ConfigError naming the entry whose
// settings are wrong, or a name that is not known.
std::vector<Entry> entries_of(const LoadConfig& load, const std::vector<std::string>& wanted,
                              const std::vector<std::string>& methods);

// The entry whose pCTR is the external one, and the one that others are tested against: the first of these
// methods.
inline constexpr const char* kExternalMethod = "base";
inline constexpr const char* kBaselineMethod = "esmm";
std::optional<size_t> first_of_method(const std::vector<Entry>& entries, const std::string& method);

}  // namespace esmm::experiment
