#include "esmm/export/sample_bags.h"

#include "esmm/core/random.h"

#include <algorithm>
#include <array>

namespace esmm::exporting {
namespace {

int64_t unknown_key(std::span<const int64_t> vocabulary, Random& random) {
  int64_t key = 0;
  do {
    key = static_cast<int64_t>(random.next());
  } while (std::binary_search(vocabulary.begin(), vocabulary.end(), key));
  return key;
}

int64_t any_key(std::span<const int64_t> vocabulary, Random& random) {
  if (vocabulary.empty() || random.below(4) == 0) return unknown_key(vocabulary, random);
  return vocabulary[random.below(vocabulary.size())];
}

}  // namespace

KeyBags sample_keys(const Schema& schema, std::span<const int64_t> vocabulary, int64_t size, uint64_t seed) {
  constexpr std::array kWeights = {0.0f, 0.25f, 1.0f, 1.0f, 3.5f, -0.5f};
  Random random(seed);
  KeyBags bags;
  for (int64_t b = 0; b < size; ++b) {
    for (const Field& field : schema.fields) {
      const uint64_t ids = field.kind == FieldKind::multi ? random.below(4) : 1;
      for (uint64_t i = 0; i < ids; ++i) {
        const float weight = field.weights.empty() ? 1.0f : kWeights[random.below(kWeights.size())];
        bags.push(any_key(vocabulary, random), weight);
      }
      bags.close_bag();
    }
  }
  return bags;
}

KeyBags keys_of(const RowBags& rows, const Schema& schema, std::span<const int64_t> vocabulary) {
  Random random(0);
  const int64_t unknown = unknown_key(vocabulary, random);
  KeyBags keys{.offsets = rows.offsets, .ids = {}, .weights = rows.weights};
  keys.ids.reserve(rows.ids.size());
  for (const int32_t row : rows.ids) {
    if (schema.mode == VocabularyMode::hashed) {
      keys.ids.push_back(row);
    } else {
      keys.ids.push_back(static_cast<size_t>(row) < vocabulary.size() ? vocabulary[row] : unknown);
    }
  }
  return keys;
}

}  // namespace esmm::exporting
