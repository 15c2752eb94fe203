#include "esmm/ops/table_updates.h"

#include <c10/util/accumulate.h>

#include <string>

#include "esmm/core/error.h"
#include "esmm/ops/check_bags.h"
#include "esmm/ops/cpu/huge_pages.h"
#include "esmm/ops/cuda/grid_gradient.h"
#include "esmm/ops/kernels.h"

namespace esmm::ops {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw InternalError(std::string("table update: ") + what);
}

using Shapes = std::vector<std::pair<std::string, std::vector<int64_t>>>;

Shapes state_shapes(UpdateRule rule, int64_t V, int64_t D) {
  switch (rule) {
    case UpdateRule::sgd:
      return {};
    case UpdateRule::adagrad:
      return {{"sums", {V, D}}};
    case UpdateRule::rowwise_adagrad:
      return {{"sums", {V}}};
    case UpdateRule::lazy_adam:
      return {{"m", {V, D}}, {"v", {V, D}}, {"norms", {V, 2}}};
    case UpdateRule::adam:
      return {{"m", {V, D}}, {"v", {V, D}}};
  }
  throw InternalError("unknown update rule");
}

// Updates write in place, so nothing here may be silently copied to make it fit.
void check_in_place(UpdateRule rule, const torch::Tensor& table, const TableState& state) {
  check_table(table);
  require(table.is_contiguous(), "expected a contiguous table");
  const Shapes shapes = state_shapes(rule, table.size(0), table.size(1));
  require(state.size() == shapes.size(), "expected the state of this rule");
  for (size_t k = 0; k < shapes.size(); ++k) {
    const torch::Tensor& values = state[k].second;
    require(values.sizes() == shapes[k].second && values.scalar_type() == sum_type(table.scalar_type()) &&
                values.is_contiguous() && values.device() == table.device(),
            "expected contiguous state of the rule's shape and the table's sum_type");
  }
}

SharedBags checked(const SharedBags& shared, int64_t rows, const torch::Tensor& table) {
  require(shared.impressions.sizes() == torch::IntArrayRef({rows}) &&
              shared.impressions.scalar_type() == torch::kInt,
          "expected impressions int32 [B]");
  require(shared.scale.sizes() == torch::IntArrayRef({rows}) &&
              shared.scale.scalar_type() == sum_type(table.scalar_type()),
          "expected scale [B] of the table's sum_type");
  return {shared.impressions.contiguous(), shared.scale.contiguous()};
}

BagGradient checked(const BagGradient& part, const torch::Tensor& table) {
  BagGradient result{checked_bags(part.bags, table), part.grad_out.contiguous()};
  const int64_t fields = result.bags.fields;
  check_values_type(result.grad_out.scalar_type(), table);
  require(result.grad_out.dim() == 2 && result.grad_out.size(0) * fields == result.bags.offsets.numel() - 1 &&
              result.grad_out.size(1) == fields * table.size(1),
          "expected grad_out [B, F * D]");
  if (part.shared) result.shared = checked(*part.shared, result.grad_out.size(0), table);
  return result;
}

}  // namespace

int64_t state_numbers_per_row(UpdateRule rule, int64_t dimension) {
  int64_t numbers = 0;
  for (const auto& [name, shape] : state_shapes(rule, 1, dimension)) numbers += c10::multiply_integers(shape);
  return numbers;
}

TableState initial_state(UpdateRule rule, const torch::Tensor& table) {
  TableState state;
  const auto options = table.options().dtype(sum_type(table.scalar_type())).requires_grad(false);
  for (const auto& [name, shape] : state_shapes(rule, table.size(0), table.size(1)))
    state.emplace_back(name, empty_in_huge_pages(shape, options).zero_());
  return state;
}

void update_table(UpdateRule rule, torch::Tensor& table, const TableState& state,
                  const TableGradient& gradient, const UpdateOptions& options) {
  const Kernels& kernels = kernels_for(table);
  check_in_place(rule, table, state);
  require(options.step >= 1, "expected steps from 1");
  require(options.batch_size >= 1, "expected a batch size of 1 at least");
  // On any device: what a GPU's kernels would refuse is to be seen on the CPU too.
  require(!gradient.empty(), "expected the gradient of a look-up at least");
  require(gradient.size() <= kMostGradientParts, "expected no more parts than the GPU's kernels take");
  TableGradient parts;
  int64_t ids = 0, bags = 0;
  for (const BagGradient& part : gradient) {
    parts.push_back(checked(part, table));
    ids += parts.back().bags.rows.numel();
    bags += parts.back().bags.offsets.numel() - 1;
    require(parts.back().grad_out.scalar_type() == parts.front().grad_out.scalar_type(),
            "expected gradients of one type");
  }
  require(ids <= INT32_MAX && bags <= INT32_MAX, "expected fewer than 2^31 ids and bags in all parts");
  kernels.update_table(rule, table, state, parts, options);
}

}  // namespace esmm::ops
