#include "esmm/train/graph_steps.h"

#include <catch2/catch.hpp>
#include <vector>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

// The ids, bag by bag, so many of each, all with or all without weights.
TensorBatch batch_of(const std::vector<int64_t>& counts, bool weighted, int32_t first_row) {
  std::vector<int64_t> offsets{0};
  for (const int64_t count : counts) offsets.push_back(offsets.back() + count);
  const int64_t ids = offsets.back(), size = static_cast<int64_t>(counts.size());
  return {.size = size,
          .bags = {.rows = torch::arange(first_row, first_row + ids, torch::kInt),
                   .offsets = torch::tensor(offsets, torch::kLong),
                   .weights = weighted ? torch::arange(ids, torch::kFloat) : torch::Tensor(),
                   .fields = 1,
                   .checked_rows = 1000},
          .click = torch::arange(size, torch::kFloat),
          .conversion = torch::zeros({size})};
}

// A step that tells one batch from another: sums of what a GPU's kernels would read.
LossTerms run(const TensorBatch& batch) {
  const int64_t ids = batch.bags.offsets[-1].item<int64_t>();
  torch::Tensor rows = batch.bags.rows.slice(0, 0, ids).to(torch::kDouble);
  if (batch.bags.weights.defined()) rows = rows * batch.bags.weights.slice(0, 0, ids);
  return {{"rows", rows.sum()}, {"offsets", batch.bags.offsets.sum()}, {"click", batch.click.sum()}};
}

// In place of a GPU's: what was recorded runs again.
struct Recorded : ops::Graph {
  explicit Recorded(std::function<void()> what) : body(std::move(what)) {}
  void replay() override { body(); }
  std::function<void()> body;
};

struct Counts {
  int captured = 0, as_it_is = 0;
};

GraphSteps steps(Counts& counts) {
  return {[&counts](const TensorBatch& batch) {
            ++counts.as_it_is;
            return run(batch);
          },
          [&counts](const std::function<void()>& body) {
            ++counts.captured;
            return std::make_unique<Recorded>([&counts, body] {
              body();
              --counts.as_it_is;
            });
          }};
}

void check_same(const LossTerms& got, const TensorBatch& batch) {
  const LossTerms expected = run(batch);
  REQUIRE(got.size() == expected.size());
  for (size_t k = 0; k < got.size(); ++k) {
    CHECK(got[k].first == expected[k].first);
    CHECK(torch::equal(got[k].second, expected[k].second));
  }
}

TEST_CASE("after the first steps a batch's step is captured, and run again on each later batch") {
  Counts counts;
  GraphSteps step = steps(counts);
  for (int32_t k = 0; k < 10; ++k) {
    const TensorBatch batch = batch_of({3, 5 - k % 2, 0, 9}, /*weighted=*/false, 10 * k);
    check_same(step(batch), batch);
  }
  CHECK(counts.as_it_is == 3);
  CHECK(counts.captured == 1);
}

TEST_CASE("a step is captured anew where there is no room for a batch's ids or weights, and then has both") {
  Counts counts;
  GraphSteps step = steps(counts);
  const auto check = [&](const TensorBatch& batch, int captured) {
    check_same(step(batch), batch);
    CHECK(counts.captured == captured);
  };
  for (int k = 0; k < 4; ++k) check(batch_of({8, 8}, false, k), k / 3);
  check(batch_of({10, 9}, false, 5), 1);  // an eighth more, and one
  check(batch_of({10, 10}, false, 5), 2);
  check(batch_of({2, 2}, true, 5), 3);
  check(batch_of({10, 10}, false, 6), 3);
  check(batch_of({10, 10}, true, 7), 3);
}

TEST_CASE("a smaller batch runs as it is, a larger one starts anew") {
  Counts counts;
  GraphSteps step = steps(counts);
  const auto check = [&](const TensorBatch& batch) { check_same(step(batch), batch); };
  for (int k = 0; k < 5; ++k) check(batch_of({1}, false, k));  // a resumed epoch's last
  CHECK(counts.captured == 1);
  for (int k = 0; k < 5; ++k) check(batch_of({1, 2, 3}, false, k));
  CHECK(counts.captured == 2);
  const int before = counts.as_it_is;
  check(batch_of({1, 2}, false, 1));
  CHECK(counts.as_it_is == before + 1);
  check(batch_of({3, 2, 1}, false, 1));
  CHECK(counts.captured == 2);
}

TEST_CASE("a batch that was not checked is a defect of the caller") {
  Counts counts;
  GraphSteps step = steps(counts);
  TensorBatch batch = batch_of({1, 2}, false, 0);
  batch.bags.checked_rows = 0;
  CHECK_THROWS_AS(step(batch), InternalError);
}

}  // namespace
}  // namespace esmm::train
