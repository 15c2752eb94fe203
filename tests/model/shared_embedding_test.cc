#include "esmm/model/shared_embedding.h"

#include <ATen/CPUGeneratorImpl.h>

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/ops/reference.h"
#include "tests/model/model_cases.h"

namespace esmm {
namespace {

SharedEmbedding small_embedding() {
  return SharedEmbedding(SharedEmbeddingOptions{.rows = 8, .fields = 2, .dimension = 3, .std = 0.5});
}

// [8, 3]
torch::Tensor taken_gradient(SharedEmbedding& embedding) {
  return ops::reference::full_gradient(embedding->take_gradient(), 8, 3);
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
  const ops::TableGradient gradient = embedding->take_gradient();
  CHECK(torch::equal(ops::reference::row_gradient(gradient, 3).rows, torch::arange(8)));
  CHECK(ops::reference::full_gradient(gradient, 8, 3)[7][0].item<double>() == 2);  // its weight
  CHECK_FALSE(embedding->table().grad().defined());
}

TEST_CASE("the gradient of both users of one look-up is their sum") {
  SharedEmbedding embedding = small_embedding();
  const torch::Tensor x = embedding(test::small_batch()).rows;
  (x.sum() + 2 * x.sum()).backward();
  CHECK(taken_gradient(embedding)[0][0].item<double>() == 3);
}

TEST_CASE("users apart are looked up once, and share one gradient with the other fields") {
  SharedEmbedding embedding = small_embedding();
  const auto bags = [](const std::vector<int32_t>& rows, int64_t fields) {
    const auto ids = static_cast<int64_t>(rows.size());
    return ops::TableBags{torch::tensor(rows, torch::kInt), torch::arange(ids + 1, torch::kLong), {}, fields};
  };
  TensorBatch batch{.size = 2, .bags = bags({1, 2}, 1), .click = {}, .conversion = {}};
  batch.users = UserSide{.bags = bags({2, 5}, 2), .of = torch::tensor({0, 0}, torch::kLong)};
  const Embedded x = embedding(batch);
  CHECK(torch::equal(x.rows, embedding->table().slice(0, 1, 3)));
  CHECK(torch::equal(x.users, torch::cat({embedding->table()[2], embedding->table()[5]}).unsqueeze(0)));
  CHECK(torch::equal(x.of, batch.users->of));
  (x.rows.sum() + 10 * x.users.sum()).backward();
  CHECK(torch::equal(taken_gradient(embedding).select(1, 0),
                     torch::tensor({0., 1., 11., 0., 0., 10., 0., 0.}, torch::kDouble)));
  embedding(batch).rows.sum().backward();  // nothing used the users' part
  CHECK(torch::equal(taken_gradient(embedding).select(1, 0),
                     torch::tensor({0., 1., 1., 0., 0., 0., 0., 0.}, torch::kDouble)));
}

TEST_CASE("the gradient says for how many impressions a user was looked up, and how far they agree") {
  SharedEmbedding embedding = small_embedding();
  const auto bags = [](const std::vector<int32_t>& rows) {
    const auto ids = static_cast<int64_t>(rows.size());
    return ops::TableBags{torch::tensor(rows, torch::kInt), torch::arange(ids + 1, torch::kLong), {}, 1};
  };
  TensorBatch batch{.size = 6, .bags = bags({1, 2, 1, 2, 1, 2}), .click = {}, .conversion = {}};
  batch.users = UserSide{.bags = bags({3, 4, 5, 6}), .of = torch::tensor({0, 0, 0, 1, 2, 3}, torch::kLong)};
  const Embedded x = embedding(batch);
  const torch::Tensor lengths = torch::tensor({{18.f, 2.f}, {5.f, 5.f}, {4.f, 0.f}, {1.f, 1e-20f}});
  (x.rows.sum() + x.users.sum() + (x.lengths * lengths).sum()).backward();
  const ops::TableGradient gradient = embedding->take_gradient();
  CHECK_FALSE(gradient[0].shared);
  REQUIRE(gradient[1].shared);
  CHECK(torch::equal(gradient[1].shared->impressions, torch::tensor({3, 1, 1, 1}, torch::kInt)));
  // A sum of exactly 0 moves nothing; a sum that is what rounding left of 0 has a bound.
  CHECK(torch::equal(gradient[1].shared->scale, torch::tensor({3.f, 1.f, 1.f, 1e6f})));
}

TEST_CASE("the look-up's gradient agrees with central differences") {
  SharedEmbedding embedding = small_embedding();
  embedding->to(torch::kDouble);
  const TensorBatch batch = test::small_batch();
  const auto loss = [&] { return embedding(batch).rows.square().sum(); };
  loss().backward();
  const torch::Tensor gradient = taken_gradient(embedding);
  const torch::NoGradGuard no_grad;
  torch::Tensor& table = embedding->table();
  for (int64_t row = 0; row < 8; ++row) {
    const double at = table[row][1].item<double>(), step = 1e-6;
    table[row][1] = at + step;
    const double above = loss().item<double>();
    table[row][1] = at - step;
    const double below = loss().item<double>();
    table[row][1] = at;
    CHECK(gradient[row][1].item<double>() == Approx((above - below) / (2 * step)).margin(1e-8));
  }
}

TEST_CASE("a bfloat16 table starts as the float one rounded, and gives and takes float") {
  SharedEmbeddingOptions options{.rows = 8, .fields = 2, .dimension = 3, .std = 0.5};
  SharedEmbedding whole(options, at::detail::createCPUGenerator(3));
  options.type = torch::kBFloat16;
  SharedEmbedding half(options, at::detail::createCPUGenerator(3));
  CHECK(torch::equal(half->table(), whole->table().to(torch::kBFloat16)));
  const torch::Tensor x = half(test::small_batch()).rows;
  CHECK(x.scalar_type() == torch::kFloat);
  x.sum().backward();
  CHECK(taken_gradient(half)[7][0].item<double>() == 2);
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
