#include "esmm/train/diverged.h"

#include <fmt/format.h>

#include <cmath>
#include <tuple>

namespace esmm::train {

std::string far_above_base_rate(const std::map<std::string, double>& losses, int64_t samples,
                                const data::SplitCounts& counts, const LabelsConfig& labels,
                                const LossWeights& factors) {
  std::string words;
  for (const auto& [term, positives, weight, factor] :
       {std::tuple("ctr", counts.clicks, labels.click_weight, factors.ctr),
        std::tuple("ctcvr", counts.conversions, labels.conversion_weight, factors.ctcvr)}) {
    if (!weight.empty()) continue;
    const auto loss = losses.find(term);
    const double p = static_cast<double>(positives) / static_cast<double>(counts.impressions);
    if (loss == losses.end() || p >= 1 || p * static_cast<double>(samples) < 100) continue;
    const double base = factor * (-p * std::log(p) - (1 - p) * std::log1p(-p));
    if (loss->second <= 1.5 * base) continue;
    words +=
        fmt::format("{}loss_{} {:.3g} against {:.3g}", words.empty() ? "" : ", ", term, loss->second, base);
  }
  return words;
}

}  // namespace esmm::train
