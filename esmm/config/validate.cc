#include "esmm/config/validate.h"

#include <set>

namespace esmm::config {

std::string entry_path(const std::string& list, size_t place) {
  return list + '[' + std::to_string(place) + ']';
}

bool is_setting(std::string_view key) {
  const bool inside = key.starts_with("model.") || key.starts_with("train.");
  return inside && key != "train.run" && key != "train.seed";
}

void refuse_repeated(const std::vector<std::string>& names, const std::string& list, const std::string& key,
                     Problems& problems) {
  std::set<std::string> seen;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || seen.insert(names[i]).second) continue;
    problems.add(entry_path(list, i) + '.' + key, {.what = "\"" + names[i] + "\" is there already",
                                                   .hint = "each entry needs one of its own"});
  }
}

void validate(const Config& config, Problems& problems) {
  validate_sources(config.data, problems);
  validate_split(config.data, problems);
  validate_fields(config.data, problems);
  validate_labels(config.data, problems);
  validate_train(config, problems);
  validate_compare(config.compare, problems);
  validate_tune(config, problems);
}

}  // namespace esmm::config
