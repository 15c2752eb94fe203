#include "esmm/ops/check_bags.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <string>

#include "esmm/core/error.h"
#include "esmm/ops/cpu/vectorised.h"

namespace esmm::ops {
namespace {

constexpr int64_t kChecksPerTask = 65536;  // fewer are not worth waking a thread for

void require(bool holds, const char* what) {
  if (!holds) throw InternalError(std::string("bags: ") + what);
}

// Whether good(begin, end) holds for all parts of 0 .. n - 1.
template <class Good>
bool all_good(int64_t n, const Good& good) {
  std::atomic<bool> all = true;
  at::parallel_for(0, n, kChecksPerTask, [&](int64_t begin, int64_t end) {
    if (!good(begin, end)) all.store(false, std::memory_order_relaxed);
  });
  return all;
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
  const bool rising = all_good(bags, [at](int64_t begin, int64_t end) {
    bool falls = false;  // no early end: loops without one become vectors
    vectorised([&] {
      for (int64_t bag = begin; bag < end; ++bag) falls |= at[bag + 1] < at[bag];
    });
    return !falls;
  });
  if (rising) return;
  const int64_t* fall = std::is_sorted_until(at, at + bags + 1);
  throw_bad_offsets("at least " + std::to_string(fall[-1]) + " at place " + std::to_string(fall - at),
                    std::to_string(*fall));
}

void check_rows(const torch::Tensor& rows, int64_t table_rows) {
  const int32_t* row = rows.const_data_ptr<int32_t>();
  const int64_t ids = rows.numel();
  const bool inside = all_good(ids, [row, table_rows](int64_t begin, int64_t end) {
    uint32_t largest = 0;  // as unsigned numbers, negative rows are the largest
    vectorised([&] {
      for (int64_t i = begin; i < end; ++i) largest = std::max(largest, static_cast<uint32_t>(row[i]));
    });
    return begin == end || int64_t{largest} < table_rows;
  });
  if (inside) return;
  const int32_t* bad = std::find_if(row, row + ids, [=](int32_t r) { return r < 0 || r >= table_rows; });
  throw Error(Problem{.what = "an id names a row outside the embedding table",
                      .where = "id " + std::to_string(bad - row) + " of the batch",
                      .expected = "0 to " + std::to_string(table_rows - 1),
                      .got = std::to_string(*bad),
                      .hint = "encode the data with the vocabulary that the model was built for"});
}

}  // namespace

void check_table(const torch::Tensor& table) {
  const auto type = table.scalar_type();
  require(table.dim() == 2 && (type == torch::kFloat || type == torch::kDouble || type == torch::kBFloat16),
          "expected a float, bfloat16 or double table [V, D]");
  require(table.size(1) >= 1, "expected a table of 1 column at least");
  require(table.size(0) <= int64_t{INT32_MAX} + 1,
          "expected a table of 2^31 rows at most, as int32 ids name");
}

void check_values_type(torch::ScalarType type, const torch::Tensor& table) {
  const auto sums = sum_type(table.scalar_type());
  require(type == sums || (type == torch::kBFloat16 && sums == torch::kFloat),
          "expected values of the table's sum_type, or bfloat16 for float");
}

void check_bags(TableBags& bags, int64_t table_rows) {
  if (bags.checked_rows > 0 && bags.checked_rows <= table_rows) return;
  check_offsets(bags.offsets.cpu(), bags.fields, bags.rows.numel());
  check_rows(bags.rows.cpu(), table_rows);
  bags.checked_rows = table_rows;
}

TableBags checked_bags(const TableBags& bags, const torch::Tensor& table) {
  require(bags.rows.dim() == 1 && bags.rows.scalar_type() == torch::kInt, "expected rows int32 [N]");
  require(bags.offsets.dim() == 1 && bags.offsets.scalar_type() == torch::kLong,
          "expected offsets int64 [B * F + 1]");
  require(!bags.weights.defined() ||
              (bags.weights.sizes() == bags.rows.sizes() && bags.weights.is_floating_point()),
          "expected floating-point weights [N]");
  require(bags.rows.numel() <= INT32_MAX, "expected fewer than 2^31 ids");
  TableBags checked{.rows = bags.rows.contiguous(),
                    .offsets = bags.offsets.contiguous(),
                    .weights = bags.weights,
                    .fields = bags.fields,
                    .checked_rows = bags.checked_rows};
  if (checked.weights.defined())
    checked.weights = checked.weights.to(sum_type(table.scalar_type())).contiguous();
  check_bags(checked, table.size(0));
  return checked;
}

}  // namespace esmm::ops
