#include "esmm/train/memory_need.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"
#include "tests/train/memory_split.h"
#include "tests/train/runs.h"

namespace esmm::train {
namespace {

MemoryNeed need_of(const Config& config, const torch::Device& device = torch::Device("cuda:0")) {
  const auto model =
      make_method(config.model, {.table_rows = test::kTableRows, .schema = test::memory_schema()}, 1);
  return memory_need(*model, config, device);
}

TEST_CASE("a row takes its numbers and its optimiser's state, in all tables of a method") {
  Config config = test::small_config("/run");  // D 4
  const auto bytes = [&](TableOptimizer optimizer, TableType type) {
    config.train.table.name = optimizer;
    config.model.table_type = type;
    const MemoryNeed need = need_of(config);
    CHECK(need.rows == test::kTableRows);
    return need.bytes_per_row;
  };
  CHECK(bytes(TableOptimizer::sgd, TableType::float32) == 16);
  CHECK(bytes(TableOptimizer::adagrad, TableType::float32) == 32);
  CHECK(bytes(TableOptimizer::rowwise_adagrad, TableType::float32) == 20);
  CHECK(bytes(TableOptimizer::adam, TableType::float32) == 49);
  CHECK(bytes(TableOptimizer::lazy_adam, TableType::float32) == 56);
  CHECK(bytes(TableOptimizer::rowwise_adagrad, TableType::bfloat16) == 12);
  config.model.method = "base";
  CHECK(bytes(TableOptimizer::rowwise_adagrad, TableType::bfloat16) == 24);
}

TEST_CASE(
    "towers take four times their parameters, activations twice their numbers, a captured step's again") {
  Config config = test::small_config("/run");
  // Two towers 12-8-4-1; 16 impressions of 12 columns and two times 8 + 4 + 1 units; their 3 ids each take 16
  // bytes, and 4 / 8 for sums.
  const int64_t parameters = 2 * (12 * 8 + 8 + 8 * 4 + 4 + 4 + 1), activations = (12 + 2 * 13) * 2 * 4;
  CHECK(need_of(config).others == parameters * 4 * 4 + 16 * (2 * activations + 3 * 16));
  config.train.cuda_graph = false;
  CHECK(need_of(config).others == parameters * 4 * 4 + 16 * (activations + 3 * 16));
  CHECK(need_of(config, torch::kCPU).others == parameters * 4 * 4 + 16 * activations);
  config.model.dimension = 64;
  const int64_t wider = parameters + 2 * 180 * 8;
  CHECK(need_of(config).others == wider * 4 * 4 + 16 * ((192 + 2 * 13) * 2 * 4 + 3 * (16 + 8)));
}

TEST_CASE("what does not fit is an error that says how many rows would") {
  const MemoryNeed need{.rows = 3000, .bytes_per_row = int64_t{1} << 20, .others = int64_t{1} << 29};
  CHECK_NOTHROW(require_memory(need, need.bytes(), "cuda:0"));
  CHECK_THROWS_AS(require_memory(need, need.bytes() - 1, "cuda:0"), Error);
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(
      require_memory(need, int64_t{1} << 31, "cuda:0"),
      Contains("cuda:0: the model does not fit the device's memory: expected at most 2.00 GiB free, got "
               "3.43 GiB: 3000 rows x 1048576 bytes, and 0.50 GiB beside them; 1536 rows would fit"));
  CHECK_THROWS_WITH(require_memory(need, int64_t{1} << 29, "cuda:0"),
                    Contains("no table would fit beside them: lower train.batch_size or model.layers"));
}

TEST_CASE("a split that does not fit beside the model is an error that says how many impressions would") {
  const MemoryNeed model{.rows = 512, .bytes_per_row = int64_t{1} << 20, .others = int64_t{1} << 29};
  const SplitNeed split{.impressions = int64_t{1} << 22, .bytes = int64_t{1} << 32, .batch_size = 1 << 15};
  CHECK(split.of_batches() == int64_t{1} << 30);
  const int64_t all = model.bytes() + split.bytes + split.of_batches();
  CHECK_NOTHROW(require_memory(split, model, all, "cuda:0"));
  CHECK_THROWS_AS(require_memory(split, model, all - 1, "cuda:0"), Error);
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(
      require_memory(split, model, int64_t{1} << 32, "cuda:0"),
      Contains("cuda:0: the training split does not fit the device's memory: expected at most 2.00 GiB: 4.00 "
               "GiB free, 2.00 GiB of it for the model and batches, got 4.00 GiB: 4194304 impressions x 1024 "
               "bytes; 2097152 impressions would fit: set data.placement to host"));
  CHECK_THROWS_WITH(require_memory(split, model, 0, "cuda:0"), Contains("0 impressions would fit"));
}

}  // namespace
}  // namespace esmm::train
