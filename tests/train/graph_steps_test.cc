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

// The same with users apart, so many ids each, of whom each has as many of the impressions, the last the
// rest.
TensorBatch with_users(TensorBatch batch, const std::vector<int64_t>& counts, bool weighted,
                       int32_t first_row) {
  const auto users = static_cast<int64_t>(counts.size());
  batch.users = UserSide{
      .bags = batch_of(counts, weighted, first_row).bags,
      .of = torch::arange(batch.size, torch::kLong).floor_divide(batch.size / users).clamp_max(users - 1)};
  return batch;
}

torch::Tensor sum_of_rows(const ops::TableBags& bags) {
  const int64_t ids = bags.offsets[-1].item<int64_t>();
  torch::Tensor rows = bags.rows.slice(0, 0, ids).to(torch::kDouble);
  if (bags.weights.defined()) rows = rows * bags.weights.slice(0, 0, ids);
  return rows.sum();
}

// A step that tells one batch from another: sums of what a GPU's kernels would read.
LossTerms run(const TensorBatch& batch) {
  LossTerms terms{
      {"rows", sum_of_rows(batch.bags)}, {"offsets", batch.bags.offsets.sum()}, {"click", batch.click.sum()}};
  if (!batch.users) return terms;
  // Those that have impressions; behind them there may be more, with empty bags.
  const int64_t users = batch.users->of[-1].item<int64_t>() + 1;
  terms.emplace_back("user_rows", sum_of_rows(batch.users->bags));
  terms.emplace_back("user_offsets", batch.users->bags.offsets.slice(0, 0, users + 1).sum());
  terms.emplace_back("of", (batch.users->of * torch::arange(batch.size)).sum());
  return terms;
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

TEST_CASE("batches of fewer and of a few more users run in one graph, with other users' bags empty") {
  Counts counts;
  GraphSteps step = steps(counts);
  const TensorBatch flat = batch_of({3, 5, 0, 9, 1, 1, 1, 1, 1, 2}, false, 7);
  const auto check = [&](const std::vector<int64_t>& of_users, bool weighted, int captured) {
    const TensorBatch batch = with_users(flat, of_users, weighted, 20);
    check_same(step(batch), batch);
    CHECK(counts.captured == captured);
  };
  for (int k = 0; k < 4; ++k) check({8, 4, 4}, false, k / 3);  // room for 4 users with 19 ids
  check({9, 1, 4, 5}, false, 1);
  check({2}, false, 1);
  check({8, 4, 4}, false, 1);
  check({1, 1, 1, 1, 1}, false, 2);  // a user more than there is room for
  check({20}, false, 3);             // ids; there is still room for as many users
  check({1, 1, 1, 1, 1, 1}, false, 3);
  check({2, 2}, true, 4);  // weights
  check({3, 4, 5}, false, 4);
  check({18, 1, 1, 1, 1, 1}, true, 4);
}

TEST_CASE("there is room for as many users as a batch has impressions, and for no more") {
  std::vector<int64_t> users;
  Counts counts;
  GraphSteps step(
      [&](const TensorBatch& batch) {
        users.push_back(batch.users->bags.offsets.numel() - 1);
        return run(batch);
      },
      [&](const std::function<void()>& body) { return std::make_unique<Recorded>(body); });
  const TensorBatch flat = batch_of({1, 1, 1}, false, 7);
  for (int k = 0; k < 4; ++k) step(with_users(flat, {2, 2, 2}, false, k));
  CHECK(users == std::vector<int64_t>{3, 3, 3, 3});
}

TEST_CASE("batches of labels alone run in one graph") {
  Counts counts;
  GraphSteps step = steps(counts);
  for (int k = 0; k < 6; ++k) {
    TensorBatch batch = batch_of({0, 0, 0}, false, 0);
    batch.click += k;
    check_same(step(batch), batch);
  }
  CHECK(counts.captured == 1);
}

TEST_CASE("a batch whose users are not apart is captured anew") {
  Counts counts;
  GraphSteps step = steps(counts);
  const TensorBatch flat = batch_of({3, 5}, false, 7);
  for (int k = 0; k < 4; ++k) step(with_users(flat, {1}, true, 3));
  check_same(step(flat), flat);
  check_same(step(with_users(flat, {1, 1}, false, 3)), with_users(flat, {1, 1}, false, 3));
  CHECK(counts.captured == 3);
}

TEST_CASE("a batch that was not checked is a defect of the caller") {
  Counts counts;
  GraphSteps step = steps(counts);
  TensorBatch batch = batch_of({1, 2}, false, 0);
  batch.bags.checked_rows = 0;
  CHECK_THROWS_AS(step(batch), InternalError);
  batch = with_users(batch_of({1, 2}, false, 0), {1}, false, 0);
  batch.users->bags.checked_rows = 0;
  CHECK_THROWS_AS(step(batch), InternalError);
}

}  // namespace
}  // namespace esmm::train
