#include "esmm/data/generate/generate_truth.h"

#include <array>
#include <cmath>
#include <vector>

namespace esmm::data {

namespace {

constexpr double kClickSpread = 1.15,
                 kConversionSpread = 1.05;  // of the logits; they set the AUC of the truth
constexpr std::array<double, kPositions> kPositionEffect = {0.4, 0.0, -0.4};
constexpr uint64_t kCalibrationStream = 100;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// The constant that gives sigmoid(constant + logit) the wanted mean.
double intercept(const std::vector<double>& logits, double wanted) {
  double low = -60, high = 60;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    double sum = 0;
    for (const double logit : logits) sum += sigmoid(middle + logit);
    (sum < wanted * static_cast<double>(logits.size()) ? low : high) = middle;
  }
  return (low + high) / 2;
}

Truth::Standard standard(const std::vector<double>& scores) {
  double sum = 0, squares = 0;
  for (const double score : scores) sum += score;
  const double mean = sum / static_cast<double>(scores.size());
  for (const double score : scores) squares += (score - mean) * (score - mean);
  const double variance = squares / static_cast<double>(scores.size());
  return {mean, variance > 0 ? 1 / std::sqrt(variance) : 1};
}

}  // namespace

Sessions::Sessions(const World& world, uint64_t seed, uint64_t stream)
    : world_(world), seed_(mix_seed(seed, stream)), random_(seed_) {}

GeneratedImpression Sessions::next() {
  constexpr uint64_t kLongest = 15;
  if (left_ == 0) {
    random_ = Random(seed_, number_++);
    left_ = 1 + random_.below(kLongest);
    world_.make_user(world_.draw_user(random_), user_);
  }
  --left_;
  GeneratedImpression impression;
  impression.item = world_.draw_item(random_);
  impression.position = static_cast<int>(random_.below(kPositions));
  return impression;
}

Truth::Truth(const World& world, const GenerateOptions& options) : bias_(options.selection_bias) {
  constexpr int kSample = 100'000;
  Sessions sessions(world, options.seed, kCalibrationStream);
  std::vector<Match> matches;
  std::vector<int> positions;
  for (int i = 0; i < kSample; ++i) {
    const GeneratedImpression impression = sessions.next();
    matches.push_back(match(sessions.user().taste, world.item(impression.item).taste));
    positions.push_back(impression.position);
  }
  standardise(matches);

  std::vector<double> click_logits, conversion_logits;
  for (int i = 0; i < kSample; ++i) {
    const Logits logit = logits(matches[i], positions[i]);
    click_logits.push_back(logit.click);
    conversion_logits.push_back(logit.conversion);
  }
  a0_ = intercept(click_logits, options.ctr);
  b0_ = intercept(conversion_logits, options.cvr);
}

void Truth::standardise(const std::vector<Match>& sample) {
  std::vector<double> scores(sample.size());
  for (size_t i = 0; i < sample.size(); ++i) scores[i] = sample[i].click;
  click_ = standard(scores);
  for (const Match& match : sample)
    slope_ += click_(match.click) * match.other / static_cast<double>(sample.size());
  for (size_t i = 0; i < sample.size(); ++i) scores[i] = sample[i].other - slope_ * click_(sample[i].click);
  other_ = standard(scores);
}

Truth::Logits Truth::logits(const Match& match, int position) const {
  const double click = click_(match.click);
  const double other = other_(match.other - slope_ * click);
  return {kClickSpread * click + kPositionEffect[position],
          kConversionSpread * (bias_ * click + std::sqrt(1 - bias_ * bias_) * other)};
}

TrueProbabilities Truth::of(const GeneratedUser& user, const GeneratedItem& item, int position) const {
  const Logits logit = logits(match(user.taste, item.taste), position);
  return {sigmoid(a0_ + logit.click), sigmoid(b0_ + logit.conversion)};
}

}  // namespace esmm::data
