#pragma once

#include <cstdint>
#include <vector>

#include "esmm/core/random.h"
#include "esmm/data/generate/generate.h"
#include "esmm/data/generate/generate_world.h"

namespace esmm::data {

inline constexpr int kPositions = 3;

// One thing shown to one user.
struct GeneratedImpression {
  int64_t item = 0;
  int position = 0;
};

// Impressions of one user after the other, in short runs. Runs are numbered, and each has numbers of its own,
// so that the same seed, stream and number give the same run.
class Sessions {
 public:
  Sessions(const World& world, uint64_t seed, uint64_t stream);

  // The next impression; user() and random() then belong to it.
  GeneratedImpression next();
  const GeneratedUser& user() const { return user_; }
  Random& random() { return random_; }

 private:
  const World& world_;
  uint64_t seed_;
  uint64_t number_ = 0;
  uint64_t left_ = 0;
  Random random_;
  GeneratedUser user_;
};

struct TrueProbabilities {
  double p_ctr, p_cvr;
};

// With c the click score of a user and an item, d their other score less what c says of it (so that popular
// items give no bias by chance), both standardised, and r the selection bias:
//   p_ctr = sigmoid(a0 + 1.15 c + effect of the position)      p_cvr = sigmoid(b0 + 1.05 (r c + sqrt(1 - r^2)
//   d))
// a0 and b0 are such that the means over impressions are those of the options.
class Truth {
 public:
  // Brings scores to mean 0 and variance 1.
  struct Standard {
    double mean = 0, scale = 1;
    double operator()(double score) const { return (score - mean) * scale; }
  };

  Truth(const World& world, const GenerateOptions& options);

  TrueProbabilities of(const GeneratedUser& user, const GeneratedItem& item, int position) const;

 private:
  struct Logits {
    double click, conversion;
  };
  void standardise(const std::vector<Match>& sample);
  // Without a0 and b0.
  Logits logits(const Match& match, int position) const;

  double bias_;
  Standard click_, other_;
  double slope_ = 0;  // of the other score on c
  double a0_ = 0, b0_ = 0;
};

}  // namespace esmm::data
