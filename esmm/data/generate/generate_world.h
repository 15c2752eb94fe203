#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/data/generate/generate.h"
#include "esmm/data/generate/generate_layout.h"
#include "esmm/data/generate/generate_zipf.h"

namespace esmm::data {

// Latent factors: what moves clicks, and what moves conversions apart from it.
struct Taste {
  static constexpr int kDimensions = 8;
  struct Factor {
    std::array<float, kDimensions> direction{};
    float level = 0;
  };
  Factor click, other;
};

struct GeneratedItem {
  Taste taste;
  int64_t category = 0, shop = 0, brand = 0;
  std::vector<int64_t> intentions;  // sorted
};

struct Counted {
  int64_t value, count;
};

struct GeneratedUser {
  int64_t number = -1;
  Taste taste;
  std::array<int64_t, 8> profile{};                            // -1: absent
  std::vector<Counted> categories, shops, brands, intentions;  // history, sorted by value
};

// The people and things of a generated log. A thing is kept; a person is worked out again from the seed when
// they come back, so that memory does not grow with what they do.
class World {
 public:
  explicit World(const GenerateOptions& options);

  const GeneratedLayout& layout() const { return layout_; }
  const GeneratedItem& item(int64_t number) const { return items_[number]; }
  // Replaces `user`.
  void make_user(int64_t number, GeneratedUser& user) const;

  int64_t draw_user(Random& random) const { return user_popularity_.draw(random); }
  int64_t draw_item(Random& random) const { return item_popularity_.draw(random); }

 private:
  // Each value of an attribute carries a part of the taste of all who have it: a model can learn it from the
  // attribute.
  Taste part(int64_t feature_id) const;
  void make_item(int64_t number, GeneratedItem& item) const;
  void make_history(Random& random, GeneratedUser& user) const;

  uint64_t seed_;
  GeneratedLayout layout_;
  Zipf user_popularity_, item_popularity_;
  std::vector<Taste> profile_parts_;  // by feature id from the first profile field's first
  std::vector<GeneratedItem> items_;
};

// The two scores of a pair, not scaled: levels of both and how well their directions agree.
struct Match {
  double click, other;
};
Match match(const Taste& user, const Taste& item);

}  // namespace esmm::data
