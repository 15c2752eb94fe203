#include "apps/bench/train_bench.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "apps/bench/our_steps.h"
#include "apps/bench/stock_steps.h"

namespace esmm::bench {
namespace {

enum class Contents { dense_stock, sparse_stock, towers };

struct Plan {
  std::string name;
  Contents contents = Contents::dense_stock;
  int64_t user_ids = 1, item_ids = 1, impressions_of_a_user = 1;
  int64_t table_rows = 0;  // 0: as the options say
};

const std::vector<Plan>& plans() {
  constexpr Contents kSparse = Contents::sparse_stock;
  static const std::vector<Plan> all{{.name = "ids25"},
                                     {.name = "ids25_large", .table_rows = 10'000'000},
                                     {.name = "ids500", .contents = kSparse, .user_ids = 24, .item_ids = 4},
                                     {.name = "ids500_user10",
                                      .contents = kSparse,
                                      .user_ids = 24,
                                      .item_ids = 4,
                                      .impressions_of_a_user = 10},
                                     {.name = "ids500_user58",
                                      .contents = kSparse,
                                      .user_ids = 24,
                                      .item_ids = 4,
                                      .impressions_of_a_user = 58},
                                     {.name = "towers", .contents = Contents::towers}};
  return all;
}

BatchShape shape_of(const Plan& plan, const TrainBench& options) {
  return {.name = plan.name,
          .size = options.batch_size,
          .table_rows = plan.table_rows > 0 ? plan.table_rows : options.table_rows,
          .user_ids = plan.user_ids,
          .item_ids = plan.item_ids,
          .impressions_of_a_user = plan.impressions_of_a_user};
}

// The systems of one case.
class Systems {
 public:
  Systems(const TrainCase& of, const TrainBench& options) : of_(of), options_(options) {}

  void add(const char* name, Role role, const Step& step) {
    systems_.push_back(
        {.name = name,
         .role = role,
         .run = [step, places = of_.batches.size(), steps = options_.steps, place = size_t{0}]() mutable {
           for (int64_t i = 0; i < steps; ++i) step(place++ % places);
         }});
  }

  void add_all(Contents contents) {
    if (contents == Contents::towers) return add_towers();
    const bool dense = contents == Contents::dense_stock;
    add("row-wise Adagrad", Role::measured, full_step(of_, config(TableOptimizer::rowwise_adagrad)));
    add("row-wise Adagrad, bf16", Role::measured,
        full_step(of_, config(TableOptimizer::rowwise_adagrad, Precision::bf16)));
    add("towers alone", Role::limit, towers_step(of_, {}));
    add("towers alone, bf16", Role::measured, towers_step(of_, config({}, Precision::bf16)));
    if (options_.without_stock) return;
    if (dense) add("stock: dense Adam", Role::stock, stock_dense_adam(of_));
    if (!dense) add("stock: sparse Adagrad", Role::stock, stock_sparse_adagrad(of_));
  }

  const std::vector<System>& all() const { return systems_; }

 private:
  static TrainConfig config(TableOptimizer table, Precision precision = Precision::fp32) {
    TrainConfig made;
    made.precision = precision;
    made.table.name = table;
    return made;
  }

  void add_towers() {
    add("both towers", Role::measured, towers_step(of_, {}));
    add("both towers, bf16", Role::measured, towers_step(of_, config({}, Precision::bf16)));
    add("products alone", Role::limit, products_step(of_, torch::kFloat));
    if (!options_.without_stock) add("stock: nn::Sequential, Adam", Role::stock, stock_towers(of_));
  }

  const TrainCase& of_;
  const TrainBench& options_;
  std::vector<System> systems_;
};

}  // namespace

std::vector<std::string> train_cases() {
  std::vector<std::string> names;
  for (const Plan& plan : plans()) names.push_back(plan.name);
  return names;
}

std::vector<Row> bench_train(const TrainBench& options) {
  at::set_num_threads(options.threads);
  std::vector<Row> rows;
  for (const Plan& plan : plans()) {
    const std::vector<std::string>& chosen = options.cases;
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), plan.name) == chosen.end()) continue;
    const BatchShape shape = shape_of(plan, options);
    const std::vector<Batch> batches = draw_batches(shape, options.batches);
    if (!options.arrays.empty()) write_batches(options.arrays / plan.name, shape, batches);
    const TrainCase of = make_case(shape, options.sizes, batches);
    Systems systems(of, options);
    systems.add_all(plan.contents);
    for (Row& row : race(plan.name, shape.size * options.steps, options.rounds, systems.all())) {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace esmm::bench
