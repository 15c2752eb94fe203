#include "apps/bench/train_bench.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "apps/bench/our_steps.h"
#include "apps/bench/stock_steps.h"
#include "esmm/train/trainer.h"

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

constexpr const char* kTowers[] = {"towers alone", "towers alone, bf16"};
constexpr const char* kProducts[] = {"products alone", "products alone, bf16"};

// The systems of one case.
class Systems {
 public:
  Systems(const TrainCase& of, const TrainBench& options) : of_(of), options_(options) {}

  void add(System system, const Step& step) {
    system.run = [step, places = of_.batches.size(), steps = options_.steps, device = of_.device,
                  place = size_t{0}]() mutable {
      for (int64_t i = 0; i < steps; ++i) step(place++ % places);
      train::wait_for(device);
    };
    systems_.push_back(std::move(system));
  }

  void add_all(Contents contents) {
    if (contents == Contents::towers) return add_towers();
    for (const Precision precision : {Precision::fp32, Precision::bf16}) {
      add_ours("row-wise Adagrad", TableOptimizer::rowwise_adagrad, precision);
      add({.name = kTowers[place(precision)], .role = Role::limit, .limit = kTowers[place(precision)]},
          towers_step(of_, config({}, precision)));
    }
    if (options_.without_stock) return;
    add_ours("Adagrad", TableOptimizer::adagrad, Precision::fp32);
    add_ours("lazy Adam", TableOptimizer::lazy_adam, Precision::fp32);
    if (contents == Contents::dense_stock) {
      add({.name = "stock: dense Adam", .role = Role::stock}, stock_dense_adam(of_));
    } else {
      add({.name = "stock: sparse Adagrad", .role = Role::stock}, stock_sparse_adagrad(of_));
    }
  }

  const std::vector<System>& all() const { return systems_; }

 private:
  static size_t place(Precision precision) { return precision == Precision::bf16 ? 1 : 0; }

  static TrainConfig config(TableOptimizer table, Precision precision) {
    TrainConfig made;
    made.precision = precision;
    made.table.name = table;
    return made;
  }

  void add_ours(std::string name, TableOptimizer table, Precision precision) {
    if (precision == Precision::bf16) name += ", bf16";
    const char* limit = kTowers[place(precision)];
    add({.name = name, .limit = limit}, full_step(of_, of_.batches, config(table, precision)));
    if (of_.users_apart.empty()) return;
    add({.name = name + ", users once", .limit = limit},
        full_step(of_, of_.users_apart, config(table, precision)));
  }

  void add_towers() {
    for (const Precision precision : {Precision::fp32, Precision::bf16}) {
      const char* limit = kProducts[place(precision)];
      add({.name = precision == Precision::bf16 ? "both towers, bf16" : "both towers", .limit = limit},
          towers_step(of_, config({}, precision)));
      add({.name = limit, .role = Role::limit, .limit = limit}, products_step(of_, config({}, precision)));
    }
    if (options_.without_stock) return;
    add({.name = "stock: nn::Sequential, Adam", .role = Role::stock}, stock_towers(of_));
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
  const torch::Device device = train::select_device(options.device);
  if (device.is_cuda()) at::globalContext().setAllowTF32CuBLAS(true);
  std::vector<Row> rows;
  for (const Plan& plan : plans()) {
    const std::vector<std::string>& chosen = options.cases;
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), plan.name) == chosen.end()) continue;
    const BatchShape shape = shape_of(plan, options);
    const std::vector<Batch> batches = draw_batches(shape, options.batches);
    if (!options.arrays.empty()) write_batches(options.arrays / plan.name, shape, batches);
    const TrainCase of = make_case(shape, options.sizes, batches, device);
    Systems systems(of, options);
    systems.add_all(plan.contents);
    for (Row& row : race(plan.name, shape.size * options.steps, options.rounds, systems.all())) {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace esmm::bench
