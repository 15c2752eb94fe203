#include "esmm/data/generate/generate_world.h"

#include <algorithm>
#include <cmath>

namespace esmm::data {

namespace {

constexpr double kUserExponent = 0.7, kItemExponent = 0.9;

// Streams of the seed, one for each kind of thing.
enum Stream : uint64_t { kPartStream = 1, kItemStream, kUserStream };

Taste::Factor draw_factor(Random& random) {
  Taste::Factor factor;
  for (float& x : factor.direction) x = static_cast<float>(random.normal());
  factor.level = static_cast<float>(random.normal());
  return factor;
}

Taste draw_taste(Random& random) {
  Taste taste;
  taste.click = draw_factor(random);
  taste.other = draw_factor(random);
  return taste;
}

void add(Taste::Factor& to, const Taste::Factor& from, float weight) {
  for (size_t d = 0; d < to.direction.size(); ++d) to.direction[d] += weight * from.direction[d];
  to.level += weight * from.level;
}

// share: of the variance.
void add(Taste& to, const Taste& from, double share) {
  const auto weight = static_cast<float>(std::sqrt(share));
  add(to.click, from.click, weight);
  add(to.other, from.other, weight);
}

double agreement(const Taste::Factor& a, const Taste::Factor& b) {
  float sum = 0;
  for (size_t d = 0; d < a.direction.size(); ++d) sum += a.direction[d] * b.direction[d];
  return static_cast<double>(sum) / std::sqrt(static_cast<double>(Taste::kDimensions));
}

// Sorts by value and adds up the counts of equal values.
void merge(std::vector<Counted>& counted) {
  std::sort(counted.begin(), counted.end(),
            [](const Counted& a, const Counted& b) { return a.value < b.value; });
  size_t kept = 0;
  for (size_t i = 0; i < counted.size(); ++i) {
    if (kept > 0 && counted[kept - 1].value == counted[i].value) {
      counted[kept - 1].count += counted[i].count;
    } else {
      counted[kept++] = counted[i];
    }
  }
  counted.resize(kept);
}

}  // namespace

World::World(const GenerateOptions& options)
    : seed_(options.seed),
      layout_(options.users, options.items),
      user_popularity_(options.users, kUserExponent),
      item_popularity_(options.items, kItemExponent),
      items_(static_cast<size_t>(options.items)) {
  for (const GeneratedField& field : layout_.profile) {
    for (int64_t value = 0; value < field.values; ++value)
      profile_parts_.push_back(part(field.first_id + value));
  }
  for (int64_t i = 0; i < options.items; ++i) make_item(i, items_[i]);
}

Taste World::part(int64_t feature_id) const {
  Random random(mix_seed(seed_, kPartStream), static_cast<uint64_t>(feature_id));
  return draw_taste(random);
}

void World::make_item(int64_t number, GeneratedItem& item) const {
  Random random(mix_seed(seed_, kItemStream), static_cast<uint64_t>(number));
  item.category = static_cast<int64_t>(random.below(layout_.category.values));
  item.shop = static_cast<int64_t>(random.below(layout_.shop.values));
  item.brand = static_cast<int64_t>(random.below(layout_.brand.values));
  // Half of an item's intentions are those of its category.
  const auto intentions = static_cast<uint64_t>(layout_.intention.values);
  for (uint64_t left = 2 + random.below(5); left > 0; --left) {
    const bool usual = random.uniform() < 0.5;
    item.intentions.push_back(usual ? 3 * item.category + static_cast<int64_t>(random.below(3))
                                    : static_cast<int64_t>(random.below(intentions)));
  }
  std::sort(item.intentions.begin(), item.intentions.end());
  item.intentions.erase(std::unique(item.intentions.begin(), item.intentions.end()), item.intentions.end());

  add(item.taste, part(layout_.category.first_id + item.category), 0.6);
  add(item.taste, part(layout_.shop.first_id + item.shop), 0.15);
  add(item.taste, part(layout_.brand.first_id + item.brand), 0.15);
  add(item.taste, draw_taste(random), 0.1);
}

void World::make_user(int64_t number, GeneratedUser& user) const {
  constexpr double kOwnShare = 0.2;
  constexpr size_t kSometimesAbsent = 4;  // field 126
  Random random(mix_seed(seed_, kUserStream), static_cast<uint64_t>(number));
  user.number = number;
  user.taste = {};
  for (size_t i = 0; i < user.profile.size(); ++i) {
    const GeneratedField& field = layout_.profile[i];
    user.profile[i] = static_cast<int64_t>(random.below(field.values));
    if (i == kSometimesAbsent && random.uniform() < 0.4) {
      user.profile[i] = -1;
      continue;
    }
    const Taste& from = profile_parts_[field.first_id - layout_.profile[0].first_id + user.profile[i]];
    add(user.taste, from, (1 - kOwnShare) / static_cast<double>(user.profile.size()));
  }
  add(user.taste, draw_taste(random), kOwnShare);
  make_history(random, user);
}

void World::make_history(Random& random, GeneratedUser& user) const {
  user.categories.clear();
  user.shops.clear();
  user.brands.clear();
  user.intentions.clear();
  constexpr double kNewUsers = 0.03;
  const bool is_new = random.uniform() < kNewUsers;
  const uint64_t length = is_new ? 0 : 5 + random.below(31);
  for (uint64_t i = 0; i < length; ++i) {
    // Of a few items that came by, the one that suits best.
    const GeneratedItem* best = nullptr;
    double best_score = 0;
    for (int candidate = 0; candidate < 4; ++candidate) {
      const GeneratedItem& item = items_[draw_item(random)];
      const double score = agreement(user.taste.click, item.taste.click);
      if (best == nullptr || score > best_score) {
        best = &item;
        best_score = score;
      }
    }
    user.categories.push_back({best->category, 1});
    user.shops.push_back({best->shop, 1});
    user.brands.push_back({best->brand, 1});
    for (const int64_t intention : best->intentions) user.intentions.push_back({intention, 1});
  }
  merge(user.categories);
  merge(user.shops);
  merge(user.brands);
  merge(user.intentions);
}

Match match(const Taste& user, const Taste& item) {
  const double click = 0.9 * static_cast<double>(item.click.level) +
                       0.45 * static_cast<double>(user.click.level) + 0.5 * agreement(user.click, item.click);
  const double other = 0.9 * static_cast<double>(item.other.level) +
                       0.45 * static_cast<double>(user.other.level) +
                       0.35 * agreement(user.other, item.other);
  return {click, other};
}

}  // namespace esmm::data
