#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/ops/table_updates.h"
#include "esmm/train/embedding_optimizer.h"
#include "tests/ops/cuda/gpu.h"
#include "tests/support/temporary_folder.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

// Everything that training drew or summed up: dropout, momenta, schedule, the best so far.
Config thorough_config(const std::filesystem::path& run, TableOptimizer optimizer, const char* method,
                       TableType type = TableType::float32) {
  Config config = test::small_config(run);
  config.model.table_type = type;
  config.model.method = method;
  config.model.dropout = 0.3;
  config.train.table = {.name = optimizer, .learning_rate = 0.05, .l2 = 0.01};
  config.train.towers.weight_decay = 0.01;
  config.train.schedule = {.name = Schedule::linear, .warmup_steps = 3, .schedule_epochs = 4};
  config.train.early_stop = {.metric = "ctr.logloss", .patience = 50};
  config.train.validate_every_steps = 4;
  return config;
}

// The log without what depends on the clock.
std::vector<nlohmann::json> timeless(std::vector<nlohmann::json> lines) {
  for (auto& line : lines) {
    line.erase("seconds");
    line.erase("samples_per_second");
  }
  return lines;
}

void check_same_run(const std::filesystem::path& a, const std::filesystem::path& b) {
  const Checkpoint first = test::newest_checkpoint(a), second = test::newest_checkpoint(b);
  CHECK(first.state.step == second.state.step);
  CHECK(first.state.best.value == second.state.best.value);
  CHECK(first.state.best.step == second.state.best.step);
  CHECK(first.state.best.validations_since == second.state.best.validations_since);
  CHECK(test::same_tensors(first.tensors, second.tensors));
  CHECK(test::same_tensors(read_tensor_file(RunFolder(a).model()).tensors,
                           read_tensor_file(RunFolder(b).model()).tensors));
  CHECK(timeless(test::metrics_of(a)) == timeless(test::metrics_of(b)));
}

TEST_CASE("a run interrupted at any step and resumed ends as the uninterrupted run, bit for bit") {
  const test::MemoryData data;
  const TrainingData training = data.with_validation();
  for (const auto& [optimizer, method, type] :
       {std::tuple(TableOptimizer::adam, "esmm", TableType::float32),
        std::tuple(TableOptimizer::rowwise_adagrad, "esmm", TableType::bfloat16),
        std::tuple(TableOptimizer::lazy_adam, "esmm", TableType::bfloat16),
        std::tuple(TableOptimizer::rowwise_adagrad, "base", TableType::float32),
        std::tuple(TableOptimizer::adam, "base", TableType::float32)}) {
    const test::TemporaryFolder folder;
    test::train_on(thorough_config(folder / "whole", optimizer, method, type), training);
    for (const int64_t step : {1, 4, 5, 7, 14}) {
      INFO(method << " interrupted at step " << step);
      const Config config =
          thorough_config(folder / ("step" + std::to_string(step)), optimizer, method, type);
      CHECK_THROWS_AS(test::train_until(config, training, step), Interrupted);
      CHECK(test::newest_checkpoint(config.train.run).state.step == step);
      const TrainReport report = test::train_on(config, training, /*resume=*/true);
      CHECK(report.steps == 15);
      CHECK(report.samples == 3 * 73);
      check_same_run(folder / "whole", config.train.run);
    }
  }
}

TEST_CASE("a run interrupted again and again ends as the uninterrupted run too") {
  const test::MemoryData data;
  const TrainingData training = data.with_validation();
  const test::TemporaryFolder folder;
  test::train_on(thorough_config(folder / "whole", TableOptimizer::adam, "esmm"), training);
  const Config config = thorough_config(folder / "pieces", TableOptimizer::adam, "esmm");
  CHECK_THROWS_AS(test::train_until(config, training, 1), Interrupted);
  for (int64_t step = 2; step < 15; ++step) {
    const TrainOptions options{.resume = true, .stop = [] { return true; }};
    CHECK_THROWS_AS(Training(config, training, options).run(), Interrupted);
  }
  test::train_on(config, training, /*resume=*/true);
  check_same_run(folder / "whole", config.train.run);
}

TEST_CASE("a run resumed without its optimisers' state ends elsewhere") {
  const test::MemoryData data;
  const TrainingData training = data.with_validation();
  for (const char* forgotten : {"tower_optimizer.", "table_optimizer."}) {
    const test::TemporaryFolder folder;
    test::train_on(thorough_config(folder / "whole", TableOptimizer::adam, "esmm"), training);
    const Config config = thorough_config(folder / "part", TableOptimizer::adam, "esmm");
    CHECK_THROWS_AS(test::train_until(config, training, 7), Interrupted);
    Checkpoint checkpoint = test::newest_checkpoint(config.train.run);
    for (auto& [name, tensor] : checkpoint.tensors) {
      if (name.starts_with(forgotten)) tensor.zero_();
    }
    write_checkpoint(RunFolder(config.train.run).checkpoint(7), checkpoint);
    test::train_on(config, training, /*resume=*/true);
    CHECK_FALSE(test::same_tensors(test::newest_checkpoint(folder / "whole").tensors,
                                   test::newest_checkpoint(config.train.run).tensors, "model."));
  }
}

TEST_CASE("more epochs go on where a finished run ended, as if they had been asked for at once") {
  const test::MemoryData data;
  const TrainingData training = data.without_validation();
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "whole");
  test::train_on(config, training);
  config.train.run = folder / "extended";
  config.train.epochs = 1;
  test::train_on(config, training);
  config.train.epochs = 3;
  CHECK(test::train_on(config, training, /*resume=*/true).steps == 15);
  CHECK(test::same_tensors(test::newest_checkpoint(folder / "whole").tensors,
                           test::newest_checkpoint(folder / "extended").tensors));
}

TEST_CASE("resuming a finished run changes nothing") {
  const test::MemoryData data;
  const TrainingData training = data.with_validation();
  const test::TemporaryFolder folder;
  const Config config = test::small_config(folder / "run");
  const TrainReport first = test::train_on(config, training);
  const auto lines = test::metrics_of(folder / "run");
  const std::string written = read_file(RunFolder(folder / "run").config());
  Config shorter = config;
  shorter.train.epochs = 1;
  CHECK(test::train_on(shorter, training, /*resume=*/true).steps == 15);
  CHECK(read_file(RunFolder(folder / "run").config()) == written);
  const TrainReport again = test::train_on(config, training, /*resume=*/true);
  CHECK(again.steps == 15);
  CHECK(again.validation.value().ctr.auc.number == first.validation.value().ctr.auc.number);
  CHECK(test::metrics_of(folder / "run") == lines);
}

TEST_CASE("a run that is ended by fewer steps before its first validation keeps the model that it has") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  config.train.early_stop = {.metric = "ctr.logloss", .patience = 2};
  CHECK_THROWS_AS(test::train_until(config, data.with_validation(), 3), Interrupted);
  config.train.max_steps = 2;
  const TrainReport report = test::train_on(config, data.with_validation(), /*resume=*/true);
  CHECK(report.steps == 3);
  CHECK(report.validation.has_value());
  CHECK(load_run(folder / "run").table_rows == test::kTableRows);
  CHECK(test::metrics_of(folder / "run", "validation").size() == 1);
  CHECK(test::train_on(config, data.with_validation(), /*resume=*/true).steps == 3);
  CHECK(test::metrics_of(folder / "run", "validation").size() == 1);
}

TEST_CASE("a run that was ended before its first checkpoint starts over on resume") {
  const test::MemoryData data;
  const TrainingData training = data.without_validation();
  const test::TemporaryFolder folder;
  const Config config = test::small_config(folder / "run");
  write_file(RunFolder(folder / "run").config(), "");
  CHECK(test::train_on(config, training, /*resume=*/true).steps == 15);
}

TEST_CASE("resuming with other settings of the model or the training names each") {
  const test::MemoryData data;
  const TrainingData training = data.without_validation();
  const test::TemporaryFolder folder;
  Config config = test::small_config(folder / "run");
  CHECK_THROWS_AS(test::train_until(config, training, 2), Interrupted);
  config.train.batch_size = 32;
  config.model.dropout = 0.25;
  config.train.log_every_steps = 7;  // may change
  try {
    test::train_on(config, training, /*resume=*/true);
    FAIL("resumed");
  } catch (const ConfigError& error) {
    REQUIRE(error.problems().size() == 2);
    CHECK(error.problems()[0].where == "model.dropout");
    CHECK(error.problems()[1].where == "train.batch_size");
    CHECK(error.problems()[1].expected == "16");
    CHECK(error.problems()[1].got == "32");
  }
}

TEST_CASE("resuming on another data set is refused") {
  const test::MemoryData data;
  const test::TemporaryFolder folder;
  const Config config = test::small_config(folder / "run");
  CHECK_THROWS_AS(test::train_until(config, data.without_validation(), 2), Interrupted);
  TrainingData other = data.without_validation();
  other.fingerprint = "another";
  CHECK_THROWS_WITH(test::train_on(config, other, /*resume=*/true),
                    Catch::Contains("data set is not the one"));
}

TEST_CASE("a checkpoint holds the same, by names and types, whatever device wrote it: numbers on the CPU") {
  const test::MemoryData data;
  for (const TableOptimizer optimizer : {TableOptimizer::rowwise_adagrad, TableOptimizer::lazy_adam}) {
    const test::TemporaryFolder folder;
    Config config = thorough_config(folder / "run", optimizer, "esmm", TableType::bfloat16);
    config.model.layers = {8};
    CHECK_THROWS_AS(test::train_until(config, data.with_validation(), 2), Interrupted);
    std::vector<std::string> names;
    for (const auto& [name, tensor] : test::newest_checkpoint(config.train.run).tensors) {
      names.push_back(name);
      INFO(name);
      CHECK(tensor.is_cpu());
      CHECK(tensor.scalar_type() == (name == "model.table.0" ? torch::kBFloat16 : torch::kFloat));
    }
    std::vector<std::string> expected{"model.table.0"};
    for (const std::string tower : {"ctr_tower", "cvr_tower"}) {
      for (const std::string of : {"hidden_0.bias", "hidden_0.weight", "output.bias", "output.weight"}) {
        expected.push_back("model.tower." + tower + "." + of);
        expected.push_back("tower_optimizer.m." + tower + "." + of);
        expected.push_back("tower_optimizer.v." + tower + "." + of);
      }
    }
    for (const auto& [state, values] :
         ops::initial_state(update_rule(optimizer), torch::zeros({2, 4}, torch::kBFloat16)))
      expected.push_back("table_optimizer.0." + state);
    std::sort(expected.begin(), expected.end());
    CHECK(names == expected);
  }
}

TEST_CASE("a checkpoint whose run was on a GPU is resumed on the CPU, bit for bit as its own") {
  const test::MemoryData data;
  const TrainingData training = data.with_validation();
  const test::TemporaryFolder folder;
  const Config whole = thorough_config(folder / "whole", TableOptimizer::lazy_adam, "esmm");
  test::train_on(whole, training);
  Config config = thorough_config(folder / "moved", TableOptimizer::lazy_adam, "esmm");
  CHECK_THROWS_AS(test::train_until(config, training, 7), Interrupted);
  Checkpoint checkpoint = test::newest_checkpoint(config.train.run);
  Config there = config;
  there.train.device = "cuda:0";
  there.train.cuda_graph = false;
  there.train.loader_threads = 2;
  there.data.placement = Placement::device;
  checkpoint.config = dump_config(there);
  write_checkpoint(RunFolder(config.train.run).checkpoint(7), checkpoint);
  test::train_on(config, training, /*resume=*/true);
  check_same_run(folder / "whole", folder / "moved");
}

TEST_CASE("a run goes on from another device's checkpoint as from its own", "[gpu]") {
  if (!test::has_gpu()) return;
  const test::MemoryData data;
  const TrainingData training = data.with_validation();
  for (const auto& [first, second] : {std::pair("cpu", "cuda:0"), std::pair("cuda:0", "cpu")}) {
    const test::TemporaryFolder folder;
    Config config = thorough_config(folder / "whole", TableOptimizer::lazy_adam, "esmm");
    config.model.dropout = 0;
    test::train_on(config, training);
    config.train.run = folder / "moved";
    config.train.device = first;
    CHECK_THROWS_AS(test::train_until(config, training, 7), Interrupted);
    config.train.device = second;
    test::train_on(config, training, /*resume=*/true);
    const Checkpoint whole = test::newest_checkpoint(folder / "whole"),
                     moved = test::newest_checkpoint(folder / "moved");
    for (const auto& [name, tensor] : whole.tensors) {
      INFO(first << ", then " << second << ": " << name);
      CHECK(torch::allclose(moved.tensors.at(name), tensor, 1e-3, 1e-4));
    }
  }
}

}  // namespace
}  // namespace esmm::train
