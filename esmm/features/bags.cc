#include "esmm/features/bags.h"

namespace esmm {

void apply_pooling(Pooling pooling, std::span<float> weights) {
  if (pooling == Pooling::sum) return;
  float sum = 0.0f;
  for (const float weight : weights) sum += weight;
  for (float& weight : weights) weight = sum == 0.0f ? 0.0f : weight / sum;
}

std::vector<float> effective_weights(std::span<const int64_t> offsets, std::span<const float> raw,
                                     std::span<const Pooling> pooling) {
  const auto bags = static_cast<int64_t>(offsets.size()) - 1;
  const auto fields = static_cast<int64_t>(pooling.size());
  std::vector<float> weights;
  if (raw.empty()) {
    weights.assign(static_cast<size_t>(offsets[bags]), 1.0f);
  } else {
    weights.assign(raw.begin(), raw.end());
  }
  bool all_one = raw.empty();
  for (int64_t bag = 0; bag < bags; ++bag) {
    if (pooling[bag % fields] == Pooling::sum) continue;
    const int64_t begin = offsets[bag], end = offsets[bag + 1];
    if (raw.empty() && end - begin <= 1) continue;
    apply_pooling(Pooling::mean,
                  std::span(weights).subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin)));
    all_one = false;
  }
  if (all_one) weights.clear();
  return weights;
}

}  // namespace esmm
