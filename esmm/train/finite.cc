#include "esmm/train/finite.h"

#include <fmt/format.h>

#include <cmath>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

constexpr int64_t kPart = int64_t{1} << 22;

[[noreturn]] void fail(const char* what, const std::string& got, int64_t step,
                       const std::filesystem::path& run) {
  throw Diverged({.what = fmt::format("{} not finite at step {}", what, step),
                  .where = run.string(),
                  .got = got,
                  .hint = "lower train.towers.learning_rate or train.table.learning_rate, or raise "
                          "train.schedule.warmup_steps; "
                          "the last checkpoint is kept"});
}

}  // namespace

void require_finite_losses(const std::map<std::string, double>& losses, int64_t step,
                           const std::filesystem::path& run) {
  for (const auto& [term, value] : losses) {
    if (!std::isfinite(value)) fail("the loss is", fmt::format("loss_{} = {}", term, value), step, run);
  }
}

void require_finite_parameters(const NamedTensors& parameters, int64_t step,
                               const std::filesystem::path& run) {
  for (const auto& [name, tensor] : parameters) {
    // A sum of floats in double is finite unless one of them is not. In parts: LibTorch makes a copy in
    // double.
    double sum = 0;
    for (const torch::Tensor& part : tensor.detach().flatten().split(kPart))
      sum += part.sum(torch::kDouble).item<double>();
    if (!std::isfinite(sum)) fail("the model's parameters are", name, step, run);
  }
}

}  // namespace esmm::train
