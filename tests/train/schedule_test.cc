#include "esmm/train/schedule.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "esmm/train/plan.h"

namespace esmm::train {
namespace {

TrainConfig scheduled(Schedule name, int64_t warmup, double epochs, double last) {
  TrainConfig config;
  config.epochs = 2;
  config.schedule = {.name = name, .warmup_steps = warmup, .schedule_epochs = epochs, .final_factor = last};
  return config;
}

TEST_CASE("a constant learning rate rises over the warm-up and stays") {
  const TrainConfig config = scheduled(Schedule::constant, 4, 0, 0);
  CHECK(learning_rate_factor(config, 10, 0) == 0.25);
  CHECK(learning_rate_factor(config, 10, 2) == 0.75);
  CHECK(learning_rate_factor(config, 10, 3) == 1.0);
  CHECK(learning_rate_factor(config, 10, 1000) == 1.0);
}

TEST_CASE("a linear learning rate falls by line over the epochs and stays at its end") {
  const TrainConfig config = scheduled(Schedule::linear, 0, 0, 0);
  CHECK(learning_rate_factor(config, 10, 0) == 1.0);
  CHECK(learning_rate_factor(config, 10, 5) == 0.75);
  CHECK(learning_rate_factor(config, 10, 19) == Approx(0.05));
  CHECK(learning_rate_factor(config, 10, 25) == 0.0);
}

TEST_CASE(
    "the schedule's own epochs may be more than are trained, or a fraction, and the warm-up is part of "
    "them") {
  CHECK(learning_rate_factor(scheduled(Schedule::linear, 0, 4, 0), 10, 10) == 0.75);
  CHECK(learning_rate_factor(scheduled(Schedule::linear, 0, 0.5, 0.2), 10, 4) == Approx(0.36));
  CHECK(learning_rate_factor(scheduled(Schedule::linear, 10, 3, 0), 10, 20) == 0.5);
  CHECK(learning_rate_factor(scheduled(Schedule::linear, 30, 3, 0.1), 10, 30) == Approx(0.1));
}

TEST_CASE("a cosine learning rate falls by half a cosine") {
  const TrainConfig config = scheduled(Schedule::cosine, 0, 0, 0.5);
  CHECK(learning_rate_factor(config, 10, 0) == 1.0);
  CHECK(learning_rate_factor(config, 10, 5) == Approx(0.9267766953));
  CHECK(learning_rate_factor(config, 10, 10) == Approx(0.75));
  CHECK(learning_rate_factor(config, 10, 20) == Approx(0.5));
}

TEST_CASE("a plan counts the smaller last batch of each epoch") {
  TrainConfig config;
  config.batch_size = 4;
  config.epochs = 3;
  const Plan plan(config, 10);
  CHECK(plan.steps_per_epoch == 3);
  CHECK(plan.total_steps == 9);
  CHECK(plan.samples_after(2) == 8);
  CHECK(plan.samples_after(3) == 10);
  CHECK(plan.samples_after(5) == 18);
  CHECK(plan.samples_after(9) == 30);
  CHECK(plan.epoch_of(3) == 1);
  CHECK(plan.epoch_of(4) == 2);
}

TEST_CASE("max_steps ends a plan early, and what is due is due at the end too") {
  TrainConfig config;
  config.batch_size = 4;
  config.epochs = 3;
  config.max_steps = 5;
  const Plan plan(config, 10);
  CHECK(plan.total_steps == 5);
  CHECK(plan.due(3, 0));
  CHECK_FALSE(plan.due(4, 0));
  CHECK(plan.due(4, 2));
  CHECK(plan.due(5, 2));
}

TEST_CASE("a plan for no impressions is refused") {
  CHECK_THROWS_WITH(Plan(TrainConfig{}, 0), Catch::Contains("no training impressions"));
}

}  // namespace
}  // namespace esmm::train
