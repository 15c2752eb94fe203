#include "esmm/config/validate.h"

#include <algorithm>
#include <string_view>

namespace esmm::config {
namespace {

bool names_a_folder(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-' || c == '.';
  };
  return !name.starts_with('.') && std::all_of(name.begin(), name.end(), fits);
}

// What is trained on the data set, and what its method and seed do not say.
bool may_be_set(std::string_view setting) {
  const std::string_view key = setting.substr(0, setting.find('='));
  return is_setting(key) && key != "model.method";
}

}  // namespace

void validate_compare(const CompareConfig& compare, Problems& problems) {
  if (!problems.clean("compare.entries")) return;
  refuse_repeated(names_of(compare.entries), "compare.entries", "name", problems);
  for (size_t i = 0; i < compare.entries.size(); ++i) {
    const CompareEntry& entry = compare.entries[i];
    const std::string path = entry_path("compare.entries", i);
    if (!names_a_folder(entry.name)) {
      problems.add(path + ".name",
                   {.what = "names no folder", .expected = "letters, digits, _, - and .", .got = entry.name});
    }
    for (size_t k = 0; k < entry.set.size(); ++k) {
      if (may_be_set(entry.set[k])) continue;
      problems.add(entry_path(path + ".set", k),
                   {.what = "not a setting of an entry",
                    .expected = "a key of model or train but model.method, train.run and train.seed",
                    .got = entry.set[k]});
    }
  }
}

}  // namespace esmm::config
