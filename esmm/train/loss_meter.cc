#include "esmm/train/loss_meter.h"

namespace esmm::train {

void LossMeter::add(const LossTerms& terms, int64_t samples) {
  for (const auto& [name, term] : terms) {
    torch::Tensor& sum = sums_[name];
    if (!sum.defined()) sum = torch::zeros({}, term.options().dtype(torch::kDouble));
    if (sum.device() != term.device()) sum = sum.to(term.device());
    sum.add_(term, samples);
  }
  samples_ += samples;
}

void LossMeter::reset() {
  sums_.clear();
  samples_ = 0;
}

std::map<std::string, double> LossMeter::sums() const {
  std::map<std::string, double> sums;
  for (const auto& [name, sum] : sums_) sums[name] = sum.item<double>();
  return sums;
}

void LossMeter::restore(const std::map<std::string, double>& sums, int64_t samples) {
  sums_.clear();
  for (const auto& [name, sum] : sums) sums_[name] = torch::scalar_tensor(sum, torch::kDouble);
  samples_ = samples;
}

}  // namespace esmm::train
