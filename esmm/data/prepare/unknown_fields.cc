#include "esmm/data/prepare/unknown_fields.h"

#include <fmt/format.h>

#include "esmm/features/field_encoder.h"

namespace esmm::data {

UnknownFields::UnknownFields(const Schema& schema, const Vocabulary& vocabulary)
    : schema_(schema), vocabulary_(vocabulary) {
  for (int64_t f = 0; f < schema.size(); ++f)
    seen_.push_back({.missing = feature_key({}, schema.seed_of(f)), .known = !schema.fields[f].is_input()});
}

void UnknownFields::add(const KeyBags& keys) {
  for (int64_t bag = 0; bag < keys.bags(); ++bag) {
    Seen& seen = seen_[bag % schema_.size()];
    for (int64_t i = keys.offsets[bag]; i < keys.offsets[bag + 1] && !seen.known; ++i) {
      if (keys.ids[i] == seen.missing) continue;
      ++seen.values;
      seen.known = vocabulary_.knows(keys.ids[i]);
    }
  }
}

std::vector<std::string> UnknownFields::warnings() const {
  std::vector<std::string> texts;
  for (size_t f = 0; f < seen_.size(); ++f) {
    if (seen_[f].known || seen_[f].values == 0) continue;
    const Field& field = schema_.fields[f];
    const std::string parted =
        field.separator.empty() ? "" : fmt::format("parted by \"{}\" and ", field.separator);
    texts.push_back(fmt::format(
        "the model knows none of the {} values of field {}: are they {}written as those of the training?",
        seen_[f].values, field.name, parted));
  }
  return texts;
}

}  // namespace esmm::data
