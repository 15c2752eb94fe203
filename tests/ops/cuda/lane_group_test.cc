#include "esmm/ops/cuda/lane_group.h"

#include <array>
#include <atomic>
#include <barrier>
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

#include "esmm/ops/reference.h"
#include "tests/ops/bag_cases.h"
#include "tests/ops/cuda/grid_case.h"

// The GPU's update by groups of many lanes: 32 threads of the CPU are a warp.
namespace esmm::ops {
namespace {

using test::BagCase;

// What the threads of a warp share: each group has a barrier, and all 32 have one. Threads that a mask names
// and that do not come would be waited for for ever.
class Meeting {
 public:
  explicit Meeting(int lanes) : lanes_(lanes), all_(kWarpLanes) {
    for (int first = 0; first < kWarpLanes; first += lanes)
      groups_.push_back(std::make_unique<std::barrier<>>(lanes));
  }

  void wait(unsigned mask, int place) {
    if (mask == ~0u) return all_.arrive_and_wait();
    const int first = place / lanes_ * lanes_;
    if (mask != ((1u << lanes_) - 1) << first) wrong_ = true;
    groups_[static_cast<size_t>(first / lanes_)]->arrive_and_wait();
  }
  float across(unsigned mask, int place, float x, int to) {
    given_[static_cast<size_t>(place)] = x;
    wait(mask, place);
    const float got = given_[static_cast<size_t>(place ^ to)];
    wait(mask, place);
    return got;
  }
  bool wrong_mask() const { return wrong_; }

 private:
  int lanes_;
  std::barrier<> all_;
  std::vector<std::unique_ptr<std::barrier<>>> groups_;
  std::array<float, kWarpLanes> given_{};
  std::atomic<bool> wrong_ = false;
};

struct Warp {
  Meeting* meeting;
  int thread;
  int place() const { return thread; }
  float across(unsigned mask, float x, int to) const { return meeting->across(mask, thread, x, to); }
  void wait(unsigned mask) const { meeting->wait(mask, thread); }
};

// body(warp, thread of all) for each thread of so many, a warp after the other.
template <class Body>
void run_warps(int64_t threads, int lanes, const Body& body) {
  Meeting meeting(lanes);
  std::vector<std::jthread> warp;
  for (int place = 0; place < kWarpLanes; ++place) {
    warp.emplace_back([&, place] {
      for (int64_t first = 0; first < threads; first += kWarpLanes) {
        body(Warp{&meeting, place}, first + place);
        meeting.wait(~0u, place);
      }
    });
  }
  warp.clear();
  CHECK_FALSE(meeting.wrong_mask());
}

template <int kW, class Rule>
void run(const GridUpdate<Rule, float>& grid, int64_t table_rows) {
  const int lanes = lanes_for(grid.dimension, kW);
  const int64_t places = grid.ids.sorted.count;
  run_warps(places * lanes, lanes, [&](const Warp& warp, int64_t thread) {
    update_piece<kW>(grid, LaneGroup<Warp, false>(warp, lanes), thread / lanes);
  });
  run_warps(tiles_of(places) * kWarpLanes, lanes, [&](const Warp& warp, int64_t thread) {
    update_split_run<kW>(grid, LaneGroup<Warp, true>(warp, lanes), thread / kWarpLanes);
  });
  if constexpr (Rule::kMovesAll) {
    run_warps(table_rows * lanes, lanes, [&](const Warp& warp, int64_t thread) {
      if (thread / lanes < table_rows)
        update_rest<kW>(grid, LaneGroup<Warp, false>(warp, lanes), thread / lanes);
    });
  }
}

template <int kW>
void check(UpdateRule name, int64_t dimension) {
  INFO("rule " << static_cast<int>(name) << ", D " << dimension);
  BagCase c = test::random_case("", 2, dimension, 20, 300, 2, true, 8);
  for (size_t i = 0; i < c.rows.size(); i += 2) c.rows[i] = 3;  // in three tiles
  TableGradient gradient{c.shared_gradient(torch::kFloat)};
  gradient[0].shared->scale.fill_(0.25);
  const torch::Tensor table = c.table(torch::kFloat);
  torch::Tensor expected = table.to(torch::kDouble);
  const TableState state = test::filled_state(name, table);
  TableState expected_state;
  for (const auto& [of, values] : state) expected_state.emplace_back(of, values.to(torch::kDouble));
  const UpdateOptions options{.learning_rate = 0.05, .epsilon = 1e-4, .l2 = 0.3, .batch_size = 4, .step = 3};
  test::GridCase ids(gradient, table.size(0), dimension);
  with_element_rule<float>(name, options, [&](const auto& rule) {
    using Rule = std::decay_t<decltype(rule)>;
    const GridStep<Rule> step(options);
    run<kW>(ids.update<Rule, float>(step, table, state), table.size(0));
  });
  reference::update_table(name, expected, expected_state, gradient, options);
  CHECK(torch::allclose(table.to(torch::kDouble), expected, 5e-6, 5e-6));
  for (size_t k = 0; k < state.size(); ++k)
    CHECK(torch::allclose(state[k].second.to(torch::kDouble), expected_state[k].second, 5e-6, 5e-6));
}

TEST_CASE("groups of lanes update a table as the reference does") {
  for (const UpdateRule rule :
       {UpdateRule::sgd, UpdateRule::rowwise_adagrad, UpdateRule::lazy_adam, UpdateRule::adam}) {
    check<4>(rule, 16);  // 8 groups of 4 lanes
    check<2>(rule, 6);   // 4 lanes, of which one has no column
    check<1>(rule, 40);  // a row is wider than a warp
  }
  check<4>(UpdateRule::rowwise_adagrad, 4);    // 32 groups of 1
  check<4>(UpdateRule::rowwise_adagrad, 128);  // 1 group of 32
}

TEST_CASE("sums over lanes and teams count each once, and are the same for all") {
  for (const int lanes : {1, 2, 8, 32}) {
    std::atomic<int> wrong = 0;
    run_warps(kWarpLanes, lanes, [&](const Warp& warp, int64_t thread) {
      const LaneGroup<Warp, true> group(warp, lanes);
      const auto place = static_cast<int>(thread);
      const float number = static_cast<float>(1 << (place % 16)) + (place >= 16 ? 0.5f : 0.0f);
      float of_group = 0, of_team = 0;
      for (int other = 0; other < kWarpLanes; ++other) {
        const float theirs = static_cast<float>(1 << (other % 16)) + (other >= 16 ? 0.5f : 0.0f);
        if (other / lanes == place / lanes) of_group += theirs;
        if (other % lanes == place % lanes) of_team += theirs;
      }
      const bool right = group.sum(number) == of_group && group.team_sum(number) == of_team &&
                         group.lane() == place % lanes && group.team() == place / lanes &&
                         group.teams() == kWarpLanes / lanes;
      if (!right) ++wrong;
    });
    CHECK(wrong == 0);
  }
}

}  // namespace
}  // namespace esmm::ops
