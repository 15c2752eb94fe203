#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <set>

#include "tests/ops/cuda/gpu.h"

// That the pretended GPU finds the mistakes which it is there to find.
namespace esmm {
namespace {

using torch::Tensor;

const torch::Device kGpu(torch::kCUDA, 0);

Tensor there(const std::vector<float>& values) { return torch::tensor(values).to(kGpu); }

std::unique_ptr<ops::Graph> captured(const std::function<void()>& body) {
  const c10::impl::VirtualGuardImpl device(torch::kCUDA);
  return ops::cuda_library().capture(device.getStreamFromGlobalPool(kGpu, /*isHighPriority=*/true), body);
}

// The signal that ends a process which does this; 0: none did.
int signal_of(const std::function<void()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int caught : {SIGSEGV, SIGBUS}) std::signal(caught, SIG_DFL);
    try {
      action();
    } catch (...) {
      std::_Exit(1);
    }
    std::_Exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST_CASE("it computes, and gives back what it was given", "[gpu]") {
  REQUIRE(test::has_gpu());
  const Tensor x = there({1, 2, 3});
  CHECK(x.is_cuda());
  CHECK(torch::equal((x * 2 + there({1, 1, 1})).cpu(), torch::tensor({3.0f, 5.0f, 7.0f})));
  CHECK(x.sum().item<float>() == 6);
  Tensor y = there({0, 0, 0});
  y.slice(0, 1).add_(x.slice(0, 0, 2));
  CHECK(torch::equal(y.cpu(), torch::tensor({0.0f, 1.0f, 2.0f})));
  CHECK(torch::equal(torch::arange(3, x.options()).cpu(), torch::arange(3, torch::kFloat)));
}

TEST_CASE("the host can neither read nor write its memory", "[gpu]") {
  const Tensor x = there({1, 2, 3}), on_host = torch::ones({3});
  const auto read = [](const Tensor& of) { return [of] { std::_Exit(of.const_data_ptr<float>()[1] > 0); }; };
  CHECK(signal_of(read(x)) == SIGSEGV);
  CHECK(signal_of([x] { x.mutable_data_ptr<float>()[1] = 0; }) == SIGSEGV);
  CHECK(signal_of(read(on_host)) == 0);
}

TEST_CASE("an operator refuses tensors of two devices, but for single numbers", "[gpu]") {
  const Tensor x = there({1, 2, 3});
  CHECK_THROWS_AS(x + torch::ones({3}), c10::Error);
  CHECK_THROWS_WITH(torch::index_select(x, 0, torch::zeros({1}, torch::kLong)),
                    Catch::Contains("expected all tensors on one device"));
  CHECK(torch::equal((x + torch::tensor(1.0f)).cpu(), torch::tensor({2.0f, 3.0f, 4.0f})));
}

TEST_CASE("what is captured is done by each replay, and not before", "[gpu]") {
  Tensor x = there({1, 2, 3}), sum = there({0});
  const auto graph = captured([&] {
    x.mul_(2);
    sum.copy_(x.sum(0, /*keepdim=*/true));
  });
  CHECK(torch::equal(x.cpu(), torch::tensor({1.0f, 2.0f, 3.0f})));
  graph->replay();
  graph->replay();
  CHECK(torch::equal(x.cpu(), torch::tensor({4.0f, 8.0f, 12.0f})));
  CHECK(sum.item<float>() == 24);
  x.copy_(there({1, 0, 0}));
  graph->replay();
  CHECK(sum.item<float>() == 2);
}

TEST_CASE("a capture refuses what the host would wait for, and what it would have to bring", "[gpu]") {
  const Tensor x = there({1, 2, 3});
  const auto refused = Catch::Contains("not permitted while a stream is captured");
  CHECK_THROWS_WITH(captured([&] { (void)x.sum().item<float>(); }), refused);
  CHECK_THROWS_WITH(captured([&] { (void)x.cpu(); }), refused);
  CHECK_THROWS_WITH(captured([&] { (void)torch::ones({3}).to(kGpu); }), refused);
  CHECK_THROWS_WITH(captured([&] { (void)torch::tensor(1.0f).to(kGpu); }), refused);
  CHECK_THROWS_WITH(captured([&] { (void)x.nonzero(); }), refused);
  CHECK_THROWS_WITH(captured([&] { (void)x.masked_select(x > 1); }), refused);
  CHECK_THROWS_WITH(captured([&] { (void)torch::equal(x, x); }), refused);
  CHECK_NOTHROW(captured([&] { (void)torch::ones({3}, x.options()); }));
}

TEST_CASE("a capture takes the host's numbers as they are, and replays draw anew", "[gpu]") {
  Tensor x = there({1, 2, 3}), factor = torch::tensor(2.0f), drawn = there({0, 0, 0});
  const auto graph = captured([&] {
    x.mul_(factor);
    drawn.copy_(torch::dropout(torch::ones_like(x), 0.5, /*train=*/true));
  });
  factor.fill_(3);
  std::set<std::vector<float>> draws;
  for (int again = 0; again < 20; ++again) {
    at::manual_seed(static_cast<uint64_t>(again));
    graph->replay();
    const Tensor got = drawn.cpu();
    at::manual_seed(static_cast<uint64_t>(again));
    CHECK(torch::equal(got, torch::dropout(torch::ones_like(x), 0.5, /*train=*/true).cpu()));
    draws.emplace(got.const_data_ptr<float>(), got.const_data_ptr<float>() + 3);
  }
  CHECK(draws.size() > 1);
  CHECK(x[0].item<float>() == std::pow(2.0f, 20.0f));
}

TEST_CASE("what is put on a stream of its own is there once it was waited for, and not before", "[gpu]") {
  const c10::impl::VirtualGuardImpl device(torch::kCUDA);
  const c10::Stream stream = device.getStreamFromGlobalPool(kGpu, /*isHighPriority=*/false);
  c10::Event event(torch::kCUDA);
  Tensor on_host = torch::tensor({1.0f, 2.0f}), copied, twice;
  {
    const c10::StreamGuard guard(stream);
    copied = on_host.to(kGpu, /*non_blocking=*/true);
    twice = copied.index_select(0, torch::tensor({1, 0}).to(kGpu, /*non_blocking=*/true)) * 2;
    event.record(stream);
    on_host.fill_(3);  // too early
  }
  CHECK(copied.isnan().all().item<bool>());
  CHECK(twice.isnan().all().item<bool>());
  event.block(device.getStream(kGpu));
  CHECK(torch::equal(copied.cpu(), torch::tensor({3.0f, 3.0f})));
  CHECK(torch::equal(twice.cpu(), torch::tensor({6.0f, 6.0f})));
  {
    const c10::StreamGuard guard(stream);
    twice.mul_(2);
  }
  CHECK(torch::equal(twice.cpu(), torch::tensor({6.0f, 6.0f})));
  device.synchronizeDevice(kGpu.index());
  CHECK(torch::equal(twice.cpu(), torch::tensor({12.0f, 12.0f})));
}

TEST_CASE("a backward pass is captured too, and keeps the memory that it took", "[gpu]") {
  const Tensor x = there({1, 2, 3}).requires_grad_(), gradient = there({0, 0, 0});
  const auto graph = captured([&] { gradient.copy_(torch::autograd::grad({(x * x * x).sum()}, {x})[0]); });
  graph->replay();
  CHECK(torch::equal(gradient.cpu(), torch::tensor({3.0f, 12.0f, 27.0f})));
}

TEST_CASE("memory is rubbish until it is written to", "[gpu]") {
  const auto options = there({}).options();
  CHECK(torch::empty({3}, options).isnan().all().item<bool>());
  CHECK((torch::empty({3}, options.dtype(torch::kLong)) == -1).all().item<bool>());
}

TEST_CASE("a replay that uses memory which is gone does not go unnoticed", "[gpu]") {
  Tensor x = there({1, 2, 3}), y = there({1, 2, 3});
  const auto graph = captured([&] { y.add_(x); });
  x.reset();
  const Tensor next = there({1, 2, 3});
  CHECK(signal_of([&] { graph->replay(); }) == SIGSEGV);
}

}  // namespace
}  // namespace esmm
