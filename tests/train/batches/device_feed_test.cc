#include "esmm/train/batches/device_feed.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <catch2/catch.hpp>
#include <vector>

#include "tests/ops/cuda/gpu.h"

namespace esmm::train {
namespace {

TensorBatch some_batch() {
  return {.size = 2,
          .bags = {.rows = torch::tensor({3, 4, 5}, torch::kInt),
                   .offsets = torch::tensor({0, 1, 3}, torch::kLong),
                   .weights = {},
                   .fields = 1,
                   .checked_rows = 9},
          .click = torch::tensor({1.0f, 0.0f}),
          .conversion = torch::tensor({0.0f, 0.0f}),
          .users = UserSide{.bags = {.rows = torch::tensor({7}, torch::kInt),
                                     .offsets = torch::tensor({0, 1}, torch::kLong),
                                     .weights = torch::tensor({0.5f}),
                                     .fields = 1},
                            .of = torch::tensor({0, 0}, torch::kLong)}};
}

void check_same(const TensorBatch& got, const torch::Device& device) {
  const TensorBatch expected = some_batch();
  CHECK(got.size == 2);
  CHECK(got.bags.fields == 1);
  CHECK(got.bags.checked_rows == 9);
  CHECK_FALSE(got.bags.weights.defined());
  CHECK_FALSE(got.click_weight.defined());
  CHECK(got.bags.rows.device() == device);
  CHECK(torch::equal(got.bags.rows.cpu(), expected.bags.rows));
  CHECK(torch::equal(got.bags.offsets.cpu(), expected.bags.offsets));
  CHECK(torch::equal(got.click.cpu(), expected.click));
  CHECK(torch::equal(got.conversion.cpu(), expected.conversion));
  REQUIRE(got.users);
  CHECK(torch::equal(got.users->bags.weights.cpu(), expected.users->bags.weights));
  CHECK(torch::equal(got.users->of.cpu(), expected.users->of));
}

TEST_CASE("a batch for the CPU is fed as it is") {
  FedBatch fed = DeviceFeed(torch::kCPU)(some_batch());
  CHECK_FALSE(fed.there);
  check_same(std::move(fed).take(), torch::kCPU);
}

TEST_CASE("a batch for a GPU is there when it is used", "[gpu]") {
  if (!test::has_gpu()) return;
  const torch::Device gpu(torch::kCUDA, 0);
  const DeviceFeed feed(gpu);
  for (int again = 0; again < 20; ++again) check_same(feed(some_batch()).take(), gpu);
}

TEST_CASE("the host is less than eight steps ahead of a GPU", "[gpu]") {
  if (!test::has_gpu()) return;
  const torch::Device gpu(torch::kCUDA, 0);
  const c10::StreamGuard guard(
      c10::impl::VirtualGuardImpl(gpu.type()).getStreamFromGlobalPool(gpu, /*isHighPriority=*/false));
  const torch::Tensor sum = torch::zeros({1000}, gpu);
  StepsAhead ahead;
  std::vector<c10::Event> done;
  for (size_t step = 0; step < 40; ++step) {
    ahead.begin(gpu);
    if (step >= 8) CHECK(done[step - 8].query());
    sum.add_(1);
    done.emplace_back(gpu.type()).record(c10::impl::VirtualGuardImpl(gpu.type()).getStream(gpu));
  }
  CHECK(torch::equal(sum.cpu(), torch::full({1000}, 40.0f)));
}

}  // namespace
}  // namespace esmm::train
