#include "esmm/ops/table_updates.h"

#include <algorithm>
#include <functional>
#include <string>

#include "esmm/core/error.h"
#include "esmm/ops/kernels.h"

namespace esmm::ops {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw InternalError(std::string("table update: ") + what);
}

// Updates write in place, so nothing here may be silently copied to make it fit.
void check(const torch::Tensor& table, const RowGradient& gradient, const L2& l2) {
  const auto type = table.scalar_type();
  require(table.dim() == 2 && (type == torch::kFloat || type == torch::kDouble) && table.is_contiguous(),
          "expected a contiguous float or double table [V, D]");
  const int64_t touched = gradient.rows.numel();
  require(gradient.values.scalar_type() == type && gradient.values.dim() == 2 &&
              gradient.values.size(0) == touched && gradient.values.size(1) == table.size(1) &&
              gradient.values.is_contiguous(),
          "expected contiguous gradient values [U, D] of the table's dtype");
  require(gradient.rows.scalar_type() == torch::kInt && gradient.rows.is_contiguous() &&
              gradient.counts.scalar_type() == torch::kInt && gradient.counts.is_contiguous() &&
              gradient.counts.numel() == touched,
          "expected contiguous rows and counts int32 [U]");
  const torch::Tensor rows = gradient.rows.cpu();
  const int32_t* row = rows.const_data_ptr<int32_t>();
  require(std::adjacent_find(row, row + touched, std::greater_equal<>()) == row + touched,
          "expected rising rows without repeats");
  require(touched == 0 || (row[0] >= 0 && row[touched - 1] < table.size(0)), "expected rows of the table");
  require(l2.batch_size >= 1, "expected a batch size of 1 at least");
}

void check_state(const torch::Tensor& state, const torch::Tensor& table, torch::IntArrayRef shape) {
  require(state.sizes() == shape && state.scalar_type() == table.scalar_type() && state.is_contiguous() &&
              state.device() == table.device(),
          "expected contiguous state of the table's dtype and shape");
}

}  // namespace

void adam_dense(torch::Tensor& table, torch::Tensor& m, torch::Tensor& v, const RowGradient& gradient,
                int64_t step, const AdamOptions& options, const L2& l2) {
  const Kernels& kernels = kernels_for(table.device());
  check(table, gradient, l2);
  check_state(m, table, table.sizes());
  check_state(v, table, table.sizes());
  require(step >= 1, "expected steps from 1");
  kernels.adam_dense(table, m, v, gradient, step, options, l2);
}

void adagrad_rowwise(torch::Tensor& table, torch::Tensor& s, const RowGradient& gradient,
                     double learning_rate, double epsilon, const L2& l2) {
  const Kernels& kernels = kernels_for(table.device());
  check(table, gradient, l2);
  check_state(s, table, {table.size(0)});
  kernels.adagrad_rowwise(table, s, gradient, learning_rate, epsilon, l2);
}

}  // namespace esmm::ops
