#include "esmm/model/tower.h"

#include <ATen/CPUGeneratorImpl.h>
#include <catch2/catch.hpp>

namespace esmm {
namespace {

// What towers without a wide term do not look at.
const TensorBatch kNoBatch;

TEST_CASE("a tower is linear layers with ReLU between them") {
  Tower tower(TowerOptions{.inputs = 2, .layers = {2}, .output_bias = 0.5});
  const torch::NoGradGuard no_grad;
  tower->hidden()[0].linear->weight.copy_(torch::tensor({{1.f, 2.f}, {-1.f, -1.f}}));
  tower->output()->weight.copy_(torch::tensor({{3.f, 4.f}}));
  const torch::Tensor logit = tower(Embedded{.rows = torch::tensor({{1.f, 1.f}, {-1.f, -2.f}})}, kNoBatch);
  CHECK(torch::equal(logit, torch::tensor({3.f * 3.f + 0.5f, 4.f * 3.f + 0.5f})));
}

TEST_CASE("a tower without hidden layers is a linear model") {
  Tower tower(TowerOptions{.inputs = 3, .layers = {}});
  CHECK(tower->hidden().empty());
  CHECK(tower(Embedded{.rows = torch::ones({5, 3})}, kNoBatch).sizes() == torch::IntArrayRef({5}));
}

TEST_CASE("a tower starts as He normal with biases of 0 and the given output bias") {
  Tower tower(TowerOptions{.inputs = 200, .layers = {300}, .output_bias = -1.5},
              at::detail::createCPUGenerator(3));
  CHECK(tower->hidden()[0].linear->weight.std().item<float>() == Approx(std::sqrt(2.0 / 200)).epsilon(0.02));
  CHECK(tower->hidden()[0].linear->weight.mean().item<float>() == Approx(0).margin(0.002));
  CHECK(tower->hidden()[0].linear->bias.abs().max().item<float>() == 0.f);
  CHECK(tower->output()->bias.item<float>() == -1.5f);
}

TEST_CASE("dropout acts in training alone") {
  Tower tower(TowerOptions{.inputs = 4, .layers = {50}, .dropout = 0.5});
  const torch::Tensor x = torch::ones({1, 4});
  tower->train();
  CHECK_FALSE(torch::equal(tower(Embedded{.rows = x}, kNoBatch), tower(Embedded{.rows = x}, kNoBatch)));
  tower->eval();
  CHECK(torch::equal(tower(Embedded{.rows = x}, kNoBatch), tower(Embedded{.rows = x}, kNoBatch)));
}

TEST_CASE("a tower's parameters have names that checkpoints keep") {
  Tower tower(TowerOptions{.inputs = 4, .layers = {3, 2}});
  CHECK(tower->named_parameters().keys() == std::vector<std::string>{"hidden_0.weight", "hidden_0.bias",
                                                                     "hidden_1.weight", "hidden_1.bias",
                                                                     "output.weight", "output.bias"});
}

TEST_CASE("batch normalisation stands between a layer and its activation") {
  Tower tower(TowerOptions{.inputs = 1, .layers = {1}, .batch_norm = true});
  {
    const torch::NoGradGuard no_grad;
    tower->hidden()[0].linear->weight.fill_(2.f);
    tower->output()->weight.fill_(1.f);
  }
  tower->train();
  // 2 and 6: mean 4, variance 4, so -1 and 1 before the ReLU.
  const torch::Tensor logit = tower(Embedded{.rows = torch::tensor({{1.f}, {3.f}})}, kNoBatch);
  CHECK(torch::allclose(logit, torch::tensor({0.f, 1.f}), 1e-4, 1e-5));
  CHECK(tower->named_parameters().contains("norm_0.weight"));
}

TEST_CASE("a wide tower adds the linear weights of the impression's ids") {
  Tower tower(TowerOptions{.inputs = 2,
                           .layers = {},
                           .wide_rows = 4,
                           .fields = 2,
                           .sides = {.rows = {1, 2}, .users = {0}, .width = 1}});
  TensorBatch batch{.size = 2,
                    .bags = {.rows = torch::tensor({0, 1, 3, 2}, torch::kInt),
                             .offsets = torch::tensor({0, 1, 3, 4, 4}, torch::kLong),
                             .weights = torch::tensor({1.f, 1.f, 1.f, 0.5f}),
                             .fields = 2},
                    .click = {},
                    .conversion = {}};
  const torch::Tensor x = torch::ones({2, 2});
  const torch::NoGradGuard no_grad;
  tower->output()->weight.fill_(1.f);
  CHECK(torch::equal(tower(Embedded{.rows = x}, batch), torch::tensor({2.f, 2.f})));  // wide rows start at 0
  SharedEmbedding(tower->wide())->table().copy_(torch::tensor({{1.f}, {10.f}, {100.f}, {1000.f}}));
  CHECK(torch::equal(tower(Embedded{.rows = x}, batch), torch::tensor({2.f + 1011.f, 2.f + 50.f})));
  batch.users = UserSide{.bags = {.rows = torch::tensor({2}, torch::kInt),
                                  .offsets = torch::tensor({0, 1}, torch::kLong),
                                  .weights = {},
                                  .fields = 1},
                         .of = torch::tensor({0, 0}, torch::kLong)};
  CHECK(torch::equal(tower(Embedded{.rows = x}, batch), torch::tensor({2.f + 1111.f, 2.f + 150.f})));
}

TEST_CASE("a user's wide rows hear of each impression") {
  Tower tower(TowerOptions{.inputs = 1,
                           .layers = {},
                           .wide_rows = 4,
                           .fields = 2,
                           .sides = {.rows = {1}, .users = {0}, .width = 1}});
  const auto bags = [](const std::vector<int32_t>& rows) {
    const auto ids = static_cast<int64_t>(rows.size());
    return ops::TableBags{torch::tensor(rows, torch::kInt), torch::arange(ids + 1, torch::kLong), {}, 1};
  };
  TensorBatch batch{.size = 2, .bags = bags({1, 2}), .click = {}, .conversion = {}};
  batch.users = UserSide{.bags = bags({3}), .of = torch::tensor({0, 0}, torch::kLong)};
  const torch::Tensor logit = tower(Embedded{.rows = torch::ones({2, 1})}, batch);
  (logit * torch::tensor({3.f, -1.f})).sum().backward();
  const ops::TableGradient gradient = SharedEmbedding(tower->wide())->take_gradient();
  CHECK(torch::equal(gradient[0].grad_out.flatten(), torch::tensor({3.f, -1.f})));
  CHECK(gradient[1].grad_out.item<float>() == 2);
  CHECK(gradient[1].shared->scale.item<float>() == Approx(std::sqrt(9.f + 1.f) / 2));
}

TEST_CASE("a bfloat16 input gives a float logit near the float one, and float gradients") {
  for (const Activation activation : {Activation::relu, Activation::prelu, Activation::dice}) {
    torch::manual_seed(3);
    Tower tower(TowerOptions{.inputs = 24, .layers = {32, 16}, .activation = activation});
    const torch::Tensor x = torch::randn({64, 24});
    const torch::Tensor expected = tower(Embedded{.rows = x}, kNoBatch);
    const torch::Tensor logit = tower(Embedded{.rows = x.to(torch::kBFloat16)}, kNoBatch);
    CHECK(logit.scalar_type() == torch::kFloat);
    CHECK(torch::allclose(logit, expected, 0.05, 0.05));
    CHECK_FALSE(torch::equal(logit, expected));
    logit.sum().backward();
    for (const torch::Tensor& parameter : tower->parameters())
      CHECK(parameter.grad().scalar_type() == torch::kFloat);
  }
}

TEST_CASE("a tower on users apart says what it says on the input written out") {
  const TowerOptions options{.inputs = 6, .layers = {5}, .sides = {.rows = {1}, .users = {0, 2}, .width = 2}};
  Tower tower(options);
  const torch::Tensor rows = torch::randn({3, 2}), users = torch::randn({2, 4});
  const torch::Tensor of = torch::tensor({0, 1, 1}, torch::kLong), user = users.index_select(0, of);
  const torch::Tensor flat = torch::cat({user.slice(1, 0, 2), rows, user.slice(1, 2, 4)}, 1);
  CHECK(torch::allclose(
      tower(Embedded{.rows = rows, .users = users, .of = of, .lengths = torch::zeros({2, 2})}, kNoBatch),
      tower(Embedded{.rows = flat}, kNoBatch), 1e-5, 1e-6));
}

// Each tower's logit and, for the sum of them all, the gradients of `given` and of the towers' parameters.
std::vector<torch::Tensor> results(const std::vector<torch::Tensor>& logits, std::vector<torch::Tensor> given,
                                   const std::vector<Tower>& towers) {
  torch::Tensor sum = torch::zeros({}, torch::kDouble);
  for (const torch::Tensor& logit : logits)
    sum = sum + (logit * torch::linspace(1, 2, logit.numel(), torch::kDouble)).sum();
  for (const Tower& tower : towers) {
    for (const torch::Tensor& parameter : tower->parameters()) given.push_back(parameter);
  }
  std::vector<torch::Tensor> all = torch::autograd::grad({sum}, given);
  all.insert(all.end(), logits.begin(), logits.end());
  return all;
}

TEST_CASE("towers on one embedding say together what each says alone, and learn the same") {
  const ops::Sides sides{.rows = {1}, .users = {0, 2}, .width = 2};
  const auto relu = Activation::relu, prelu = Activation::prelu;
  for (const auto& [type, tolerance] :
       {std::pair{torch::kDouble, 1e-10}, {torch::kFloat, 1e-5}, {torch::kBFloat16, 0.02}}) {
    INFO(type);
    torch::manual_seed(5);
    const auto of_towers = type == torch::kDouble ? torch::kDouble : torch::kFloat;
    const auto made = [&](std::vector<int64_t> layers, Activation activation, bool norm = false) {
      Tower tower(TowerOptions{.inputs = 6,
                               .layers = std::move(layers),
                               .activation = activation,
                               .batch_norm = norm,
                               .sides = sides});
      tower->to(of_towers);
      return tower;
    };
    const std::vector<std::vector<Tower>> cases{
        {made({5}, relu)},
        {made({5, 3}, relu), made({4, 2}, relu)},
        {made({5, 3}, prelu), made({4}, prelu), made({1}, Activation::dice)},
        {made({5}, relu, /*norm=*/true), made({4}, relu, /*norm=*/true)},
        {made({5}, relu), made({4}, prelu)},  // apart, as are those below
        {made({}, relu), made({4}, relu)},
        {made({4}, relu), made({}, relu)},
    };
    const auto drawn = [type = type](torch::IntArrayRef shape) {
      return torch::randn(shape, torch::kDouble).to(type).requires_grad_();
    };
    const Embedded flat{.rows = drawn({4, 6})};
    const Embedded apart{.rows = drawn({4, 2}),
                         .users = drawn({3, 4}),
                         .of = torch::tensor({0, 1, 1, 2}, torch::kLong),
                         .lengths = torch::zeros({3, 2}, of_towers).requires_grad_()};
    for (const std::vector<Tower>& towers : cases) {
      for (const Embedded& x : {flat, apart}) {
        std::vector<torch::Tensor> alone;
        const std::vector<torch::Tensor> given =
            x.users.defined() ? std::vector{x.rows, x.users, x.lengths} : std::vector{x.rows};
        for (Tower tower : towers) alone.push_back(tower(x, kNoBatch));
        const std::vector<torch::Tensor> got = results(logits_of(towers, x, kNoBatch), given, towers),
                                         expected = results(alone, given, towers);
        REQUIRE(got.size() == expected.size());
        for (size_t k = 0; k < got.size(); ++k)
          CHECK(torch::allclose(got[k], expected[k], tolerance, tolerance));
      }
    }
  }
}

}  // namespace
}  // namespace esmm
