#include "esmm/model/shared_embedding.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "tests/model/model_cases.h"

namespace esmm {
namespace {

SharedEmbedding small_embedding() {
  return SharedEmbedding(SharedEmbeddingOptions{.rows = 8, .fields = 2, .dimension = 3, .std = 0.5});
}

TEST_CASE("a look-up gives B rows of F times D numbers") {
  SharedEmbedding embedding = small_embedding();
  const torch::Tensor x = embedding(test::small_batch()).rows;
  CHECK(x.sizes() == torch::IntArrayRef({4, 6}));
  const torch::Tensor& table = embedding->table();
  CHECK(torch::allclose(x[2].slice(0, 0, 3), 0.5 * table[2] + 0.5 * table[3]));
  CHECK(torch::equal(x[2].slice(0, 3, 6), torch::zeros({3})));  // an empty bag
}

TEST_CASE("backward leaves the touched rows' gradient, and the table itself never has one") {
  SharedEmbedding embedding = small_embedding();
  embedding(test::small_batch()).rows.sum().backward();
  const ops::RowGradient gradient = embedding->take_gradient();
  CHECK(torch::equal(gradient.rows, torch::arange(8, torch::kInt)));
  CHECK(gradient.values[7][0].item<float>() == 2.f);  // its weight
  CHECK_FALSE(embedding->table().grad().defined());
}

TEST_CASE("the gradient of both users of one look-up is their sum") {
  SharedEmbedding embedding = small_embedding();
  const torch::Tensor x = embedding(test::small_batch()).rows;
  (x.sum() + 2 * x.sum()).backward();
  CHECK(embedding->take_gradient().values[0][0].item<float>() == 3.f);
}

TEST_CASE("the look-up's gradient agrees with central differences") {
  SharedEmbedding embedding = small_embedding();
  embedding->to(torch::kDouble);
  const TensorBatch batch = test::small_batch();
  const auto loss = [&] { return embedding(batch).rows.square().sum(); };
  loss().backward();
  const ops::RowGradient gradient = embedding->take_gradient();
  const torch::NoGradGuard no_grad;
  torch::Tensor& table = embedding->table();
  for (int64_t row = 0; row < 8; ++row) {
    const double at = table[row][1].item<double>(), step = 1e-6;
    table[row][1] = at + step;
    const double above = loss().item<double>();
    table[row][1] = at - step;
    const double below = loss().item<double>();
    table[row][1] = at;
    CHECK(gradient.values[row][1].item<double>() == Approx((above - below) / (2 * step)).margin(1e-8));
  }
}

TEST_CASE("a gradient can be taken once, and only one backward at a time") {
  SharedEmbedding embedding = small_embedding();
  CHECK_THROWS_AS(embedding->take_gradient(), InternalError);
  embedding(test::small_batch()).rows.sum().backward();
  CHECK_NOTHROW(embedding->take_gradient());
  CHECK_THROWS_AS(embedding->take_gradient(), InternalError);
  for (int k = 0; k < 3; ++k) embedding(test::small_batch()).rows.sum().backward();
  CHECK_THROWS_AS(embedding->take_gradient(), InternalError);
  embedding(test::small_batch()).rows.sum().backward();
  CHECK_NOTHROW(embedding->take_gradient());
}

TEST_CASE("a look-up under NoGradGuard leaves a waiting gradient alone") {
  SharedEmbedding embedding = small_embedding();
  embedding(test::small_batch()).rows.sum().backward();
  {
    const torch::NoGradGuard no_grad;
    CHECK_FALSE(embedding(test::small_batch()).rows.requires_grad());
  }
  CHECK_NOTHROW(embedding->take_gradient());
}

TEST_CASE("ids that do not fit the table are an error") {
  SharedEmbedding embedding = small_embedding();
  TensorBatch batch = test::small_batch();
  batch.bags.rows = batch.bags.rows + 1;
  CHECK_THROWS_AS(embedding(batch).rows, Error);
}

}  // namespace
}  // namespace esmm
