#include "esmm/ops/cuda/grid_bags.h"

#include <catch2/catch.hpp>

#include "esmm/ops/cuda/grid_threads.h"
#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"

// The functions that the GPU's threads run, run by the CPU one thread after the other.
namespace esmm::ops {
namespace {

using test::BagCase;

template <int kW, class E, class Out>
void look_up(const torch::Tensor& table, const TableBags& bags, torch::Tensor& out) {
  const GridBags<E, Out> grid{
      .table = static_cast<const E*>(table.const_data_ptr()),
      .dimension = table.size(1),
      .rows = bags.rows.const_data_ptr<int32_t>(),
      .offsets = bags.offsets.const_data_ptr<int64_t>(),
      .weights = bags.weights.defined() ? bags.weights.const_data_ptr<float>() : nullptr,
      .out = static_cast<Out*>(out.mutable_data_ptr())};
  // All threads of all blocks, the last first.
  const int64_t count = bags.offsets.numel() - 1;
  const int lanes = lanes_for(table.size(1), kW);
  for (int64_t thread = int64_t{blocks_for(count, lanes)} * kBlockThreads - 1; thread >= 0; --thread)
    sum_bags_of_thread<kW>(grid, count, thread, lanes);
}

template <class E, class Out>
void check(const BagCase& c, torch::ScalarType type, torch::ScalarType out_type) {
  const torch::Tensor table = c.table(type);
  const torch::Tensor expected = reference::bags_forward(table, c.bags());
  const double tolerance = out_type == torch::kFloat ? 1e-5 : 1.0 / 128;
  for (const int width : {1, 2, 4}) {
    if (c.dimension % width != 0) continue;
    INFO(c.name << ", " << torch::toString(type) << " to " << torch::toString(out_type) << ", width "
                << width);
    torch::Tensor out = torch::full(expected.sizes(), 7, out_type);
    if (width == 1) look_up<1, E, Out>(table, c.bags(), out);
    if (width == 2) look_up<2, E, Out>(table, c.bags(), out);
    if (width == 4) look_up<4, E, Out>(table, c.bags(), out);
    CHECK(torch::allclose(out.to(torch::kDouble), expected, tolerance, tolerance));
  }
}

TEST_CASE("the GPU's look-up agrees with the reference in every corner, of any types, in any width") {
  for (const BagCase& c : test::bag_cases()) {
    check<float, float>(c, torch::kFloat, torch::kFloat);
    check<float, Bfloat16>(c, torch::kFloat, torch::kBFloat16);
    check<Bfloat16, float>(c, torch::kBFloat16, torch::kFloat);
    check<Bfloat16, Bfloat16>(c, torch::kBFloat16, torch::kBFloat16);
  }
}

TEST_CASE("a group has the fewest lanes that hold a row, a power of 2, and a warp at most") {
  CHECK(lanes_for(1, 1) == 1);
  CHECK(lanes_for(16, 4) == 4);
  CHECK(lanes_for(18, 2) == 16);
  CHECK(lanes_for(128, 4) == 32);
  CHECK(lanes_for(129, 1) == 32);
}

TEST_CASE("lanes read as many numbers at once as rows and arrays allow") {
  const auto at = [](uintptr_t address, int64_t bytes) {
    return Array{reinterpret_cast<const void*>(address), bytes};
  };
  const auto width = [](int64_t dimension, std::vector<Array> arrays) {
    return width_for(dimension, arrays);
  };
  CHECK(width(16, {at(512, 4), at(1024, 2)}) == 4);
  CHECK(width(18, {at(512, 4)}) == 2);
  CHECK(width(7, {at(512, 4)}) == 1);
  CHECK(width(16, {at(512, 4), at(520, 4)}) == 2);
  CHECK(width(16, {at(516, 4)}) == 1);
  CHECK(width(16, {at(520, 2)}) == 4);
}

}  // namespace
}  // namespace esmm::ops
