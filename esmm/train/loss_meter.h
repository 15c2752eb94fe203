#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "esmm/model/method.h"

namespace esmm::train {

// Mean loss terms over the samples since the last reset. Adds up on the device: reading is what waits for it.
class LossMeter {
 public:
  // terms: detached means over `samples` samples.
  void add(const LossTerms& terms, int64_t samples);
  void reset();

  int64_t samples() const { return samples_; }
  // Sums over samples, by term; a mean is such a sum / samples().
  std::map<std::string, double> sums() const;
  void restore(const std::map<std::string, double>& sums, int64_t samples);

 private:
  std::map<std::string, torch::Tensor> sums_;  // double scalars
  int64_t samples_ = 0;
};

}  // namespace esmm::train
