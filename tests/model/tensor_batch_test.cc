#include "esmm/model/tensor_batch.h"

#include <catch2/catch.hpp>

namespace esmm {
namespace {

// Two impressions of two fields; the second field has two ids in the first impression.
Batch two_impressions(float weight) {
  Batch batch{.size = 2, .bags = {}, .click = {1, 0}, .conversion = {1, 0}};
  batch.bags.push(3);
  batch.bags.close_bag();
  batch.bags.push(5, weight);
  batch.bags.push(6);
  batch.bags.close_bag();
  batch.bags.push(4);
  batch.bags.close_bag();
  batch.bags.close_bag();
  return batch;
}

TEST_CASE("a batch becomes tensors") {
  const TensorBatch batch = to_tensors(two_impressions(1), {Pooling::sum, Pooling::sum});
  CHECK(batch.size == 2);
  CHECK(torch::equal(batch.bags.rows, torch::tensor({3, 5, 6, 4}, torch::kInt)));
  CHECK(torch::equal(batch.bags.offsets, torch::tensor({0, 1, 3, 4, 4}, torch::kLong)));
  CHECK_FALSE(batch.bags.weights.defined());
  CHECK(batch.bags.fields == 2);
  CHECK(torch::equal(batch.click, torch::tensor({1.f, 0.f})));
  CHECK(torch::equal(batch.conversion, torch::tensor({1.f, 0.f})));
  CHECK_FALSE(batch.click_weight.defined());
  CHECK_FALSE(batch.conversion_weight.defined());
}

TEST_CASE("sample weights become tensors, each where it is given") {
  Batch weighted = two_impressions(1);
  weighted.conversion_weight = {2, 0.5F};
  TensorBatch batch = to_tensors(weighted, {Pooling::sum, Pooling::sum});
  CHECK_FALSE(batch.click_weight.defined());
  CHECK(torch::equal(batch.conversion_weight, torch::tensor({2.f, 0.5f})));
  weighted.click_weight = {0, 3};
  batch = to_tensors(weighted, {Pooling::sum, Pooling::sum});
  CHECK(torch::equal(batch.click_weight, torch::tensor({0.f, 3.f})));
  CHECK(batch.to(torch::kMeta).click_weight.is_meta());
  CHECK(batch.to(torch::kMeta).conversion_weight.is_meta());
}

TEST_CASE("mean pooling becomes weights") {
  const TensorBatch batch = to_tensors(two_impressions(3), {Pooling::sum, Pooling::mean});
  CHECK(torch::allclose(batch.bags.weights, torch::tensor({1.f, 0.75f, 0.25f, 1.f})));
}

TEST_CASE("a batch moves to a device with all its parts") {
  TensorBatch batch = to_tensors(two_impressions(1), {Pooling::sum, Pooling::sum});
  batch.users = UserSide{.bags = batch.bags, .of = torch::tensor({int64_t{0}, int64_t{1}})};
  const TensorBatch moved = batch.to(torch::kMeta);
  CHECK(moved.size == 2);
  for (const torch::Tensor& part : {moved.bags.rows, moved.bags.offsets, moved.click, moved.conversion,
                                    moved.users->bags.rows, moved.users->bags.offsets, moved.users->of})
    CHECK(part.is_meta());
  CHECK(moved.users->bags.fields == 2);
  CHECK_FALSE(moved.bags.weights.defined());
}

}  // namespace
}  // namespace esmm
