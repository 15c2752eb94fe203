#include "esmm/ops/bags.h"

#include <algorithm>
#include <string>

#include "esmm/core/error.h"
#include "esmm/ops/kernels.h"
#include "esmm/ops/vectorised.h"

namespace esmm::ops {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw InternalError(std::string("bags: ") + what);
}

void check_kinds(const torch::Tensor& values, const torch::Tensor& rows, const torch::Tensor& offsets,
                 const torch::Tensor& weights) {
  const auto type = values.scalar_type();
  require(values.dim() == 2 && (type == torch::kFloat || type == torch::kDouble),
          "expected a float or double matrix");
  require(rows.dim() == 1 && rows.scalar_type() == torch::kInt, "expected rows int32 [N]");
  require(offsets.dim() == 1 && offsets.scalar_type() == torch::kLong, "expected offsets int64 [B * F + 1]");
  require(!weights.defined() || (weights.sizes() == rows.sizes() && weights.scalar_type() == type),
          "expected weights [N] of the table's dtype");
  require(rows.numel() <= INT32_MAX, "expected fewer than 2^31 ids");
}

[[noreturn]] void throw_bad_offsets(std::string expected, std::string got) {
  throw Error(Problem{.what = "bad bag offsets",
                      .where = "",
                      .expected = std::move(expected),
                      .got = std::move(got),
                      .hint = "give B * F + 1 offsets, rising from 0 to the number of ids"});
}

void check_offsets(const torch::Tensor& offsets, int64_t fields, int64_t ids) {
  const int64_t bags = offsets.numel() - 1;
  if (fields < 1 || bags < 0 || bags % fields != 0) {
    throw_bad_offsets("a multiple of " + std::to_string(fields) + " bags", std::to_string(bags));
  }
  const int64_t* at = offsets.const_data_ptr<int64_t>();
  if (at[0] != 0) throw_bad_offsets("0 first", std::to_string(at[0]));
  if (at[bags] != ids)
    throw_bad_offsets(std::to_string(ids) + " (the number of ids) last", std::to_string(at[bags]));
  if (const int64_t* fall = std::is_sorted_until(at, at + bags + 1); fall != at + bags + 1) {
    throw_bad_offsets("at least " + std::to_string(fall[-1]) + " at place " + std::to_string(fall - at),
                      std::to_string(*fall));
  }
}

void check_rows(const torch::Tensor& rows, int64_t table_rows) {
  const int32_t* row = rows.const_data_ptr<int32_t>();
  const int64_t ids = rows.numel();
  // As unsigned numbers, negative rows are the largest.
  uint32_t largest = 0;
  vectorised([&] {
    for (int64_t i = 0; i < ids; ++i) largest = std::max(largest, static_cast<uint32_t>(row[i]));
  });
  if (ids == 0 || int64_t{largest} < table_rows) return;
  const int32_t* bad = std::find_if(row, row + ids, [=](int32_t r) { return r < 0 || r >= table_rows; });
  throw Error(Problem{.what = "an id names a row outside the embedding table",
                      .where = "id " + std::to_string(bad - row) + " of the batch",
                      .expected = "0 to " + std::to_string(table_rows - 1),
                      .got = std::to_string(*bad),
                      .hint = "encode the data with the vocabulary that the model was built for"});
}

torch::Tensor contiguous(const torch::Tensor& tensor) {
  return tensor.defined() ? tensor.contiguous() : tensor;
}

}  // namespace

torch::Tensor bags_forward(const torch::Tensor& table, const torch::Tensor& rows,
                           const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields) {
  const Kernels& kernels = kernels_for(table.device());
  check_kinds(table, rows, offsets, weights);
  const auto all_rows = contiguous(rows);
  const auto all_offsets = contiguous(offsets);
  check_offsets(all_offsets.cpu(), fields, all_rows.numel());
  check_rows(all_rows.cpu(), table.size(0));
  return kernels.bags_forward(contiguous(table), all_rows, all_offsets, contiguous(weights), fields);
}

RowGradient bags_backward(const torch::Tensor& grad_out, const torch::Tensor& rows,
                          const torch::Tensor& offsets, const torch::Tensor& weights, int64_t fields,
                          int64_t table_rows) {
  const Kernels& kernels = kernels_for(grad_out.device());
  check_kinds(grad_out, rows, offsets, weights);
  const auto all_rows = contiguous(rows);
  const auto all_offsets = contiguous(offsets);
  check_offsets(all_offsets.cpu(), fields, all_rows.numel());
  check_rows(all_rows.cpu(), table_rows);
  require(grad_out.size(0) * fields == offsets.numel() - 1 && grad_out.size(1) % fields == 0,
          "expected grad_out [B, F * D]");
  return kernels.bags_backward(contiguous(grad_out).view({offsets.numel() - 1, grad_out.size(1) / fields}),
                               all_rows, all_offsets, contiguous(weights), table_rows);
}

}  // namespace esmm::ops
