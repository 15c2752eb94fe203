#include "esmm/experiment/entries.h"

#include <algorithm>
#include <utility>

#include "esmm/config/rule.h"
#include "esmm/core/error.h"
#include "esmm/core/nearest.h"

namespace esmm::experiment {
namespace {

bool has_external(const std::vector<CompareEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(),
                     [](const auto& entry) { return entry.method == kExternalMethod; });
}

// Of the same name in the config, else the method as the config says.
CompareEntry wanted_entry(const std::string& name, const std::vector<CompareEntry>& known,
                          const std::vector<std::string>& methods) {
  for (const CompareEntry& entry : known) {
    if (entry.name == name) return entry;
  }
  if (std::find(methods.begin(), methods.end(), name) != methods.end())
    return {.name = name, .method = name, .set = {}};
  std::vector<std::string> names = methods;
  for (const CompareEntry& entry : known) names.push_back(entry.name);
  throw ConfigError({.what = "neither an entry of compare.entries nor a method",
                     .where = "--methods",
                     .expected = config::list_in_words(names),
                     .got = name,
                     .hint = did_you_mean(name, names)});
}

Entry loaded(const CompareEntry& entry, const LoadConfig& load) {
  std::vector<std::string> overrides{"model.method=" + entry.method};
  overrides.insert(overrides.end(), entry.set.begin(), entry.set.end());
  return {.name = entry.name,
          .method = entry.method,
          .set = entry.set,
          .config = load_for("compare.entries " + entry.name, overrides, load)};
}

}  // namespace

std::vector<Entry> entries_of(const LoadConfig& load, const std::vector<std::string>& wanted,
                              const std::vector<std::string>& methods) {
  const std::vector<CompareEntry> known = load({}).compare.entries;
  std::vector<CompareEntry> chosen = wanted.empty() ? known : std::vector<CompareEntry>{};
  const std::vector<std::string>& names = wanted.empty() && known.empty() ? methods : wanted;
  for (const std::string& name : names) {
    const bool again =
        std::any_of(chosen.begin(), chosen.end(), [&](const auto& entry) { return entry.name == name; });
    if (!again) chosen.push_back(wanted_entry(name, known, methods));
  }
  if (!has_external(chosen)) {
    const CompareEntry external = wanted_entry(kExternalMethod, known, methods);
    if (external.method != kExternalMethod) {
      throw ConfigError({.what = "the entry called base is of another method",
                         .where = "compare.entries",
                         .got = external.method,
                         .hint = "give it another name: method base is trained for the external pCTR"});
    }
    chosen.insert(chosen.begin(), external);
  }
  std::vector<Entry> entries;
  for (const CompareEntry& entry : chosen) entries.push_back(loaded(entry, load));
  return entries;
}

std::optional<size_t> first_of_method(const std::vector<Entry>& entries, const std::string& method) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.method == method; });
  if (found == entries.end()) return std::nullopt;
  return static_cast<size_t>(found - entries.begin());
}

}  // namespace esmm::experiment
