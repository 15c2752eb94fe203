#include "esmm/export/export.h"
#include "esmm/model/losses.h"
#include "esmm/model/networks.h"
#include "esmm/model/parts.h"
#include "esmm/train/learner.h"
#include "tests/export/tiny_run.h"
#include "tests/support/temporary_folder.h"

#include <ATen/CPUGeneratorImpl.h>
#include <catch2/catch.hpp>

#include <memory>

// A method that nothing else knows of: what it takes to add one, and that trainer and export need no change.
namespace esmm {
namespace {

class Toy : public SharedNetwork {
 public:
  Toy(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator)
      : SharedNetwork(config, shape, generator) {}

 private:
  LossTerms terms(const Outputs& outputs, const TensorBatch& batch) const override {
    return {ctr_term(outputs, batch), {"toy", mean_loss(bce_rows(outputs.cvr, batch.conversion))}};
  }
};

TEST_CASE("A new method trains and is exported without a change elsewhere") {
  train::Run run = test::tiny_run();
  const auto toy =
      std::make_shared<Toy>(run.config.model, ModelShape{.table_rows = run.table_rows, .schema = run.schema},
                            at::detail::createCPUGenerator(1));
  run.model = toy;

  TensorBatch batch;
  batch.size = 2;
  batch.bags.rows = torch::tensor({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, torch::kInt);
  batch.bags.offsets = torch::arange(11);
  batch.bags.fields = 5;
  batch.click = torch::tensor({1.f, 0.f});
  batch.conversion = torch::tensor({1.f, 0.f});
  TrainConfig config;
  config.towers.learning_rate = config.table.learning_rate = 0.01;
  train::Learner learner(toy, config);
  const LossTerms first = learner.step(batch, 0, 1.0);
  REQUIRE(first[1].first == "toy");
  LossTerms last;
  for (int64_t step = 1; step < 100; ++step) last = learner.step(batch, step, 1.0);
  CHECK(last[1].second.item<double>() < 0.5 * first[1].second.item<double>());

  toy->eval();
  const test::TemporaryFolder folder;
  CHECK(exporting::export_model(run, folder / "model.pt").largest_difference <= 1e-6);
}

}  // namespace
}  // namespace esmm
