#include "apps/bench/ops_bench.h"

#include <ATen/Parallel.h>
#include <ATen/ops/_embedding_bag.h>
#include <ATen/ops/_embedding_bag_backward.h>
#include <ATen/ops/_unique.h>
#include <torch/optim/adagrad.h>

#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "apps/bench/ops_limits.h"
#include "apps/bench/train_case.h"
#include "esmm/ops/bags.h"
#include "esmm/ops/cpu/huge_pages.h"
#include "esmm/ops/table_updates.h"

namespace esmm::bench {
namespace {

using torch::Tensor;

// What the systems of a case share.
struct Shared {
  const OpsBench& options;
  TrainCase of;
  Tensor table;                 // [V, D]
  Tensor squares;               // [V, 1]
  Tensor grad;                  // [B, F * D]
  std::vector<Tensor> touched;  // int32: the different rows of each batch

  int64_t samples() const { return of.shape.size * options.steps; }
  // Runs a step on one batch after the other.
  System system(const char* name, Role role, Step step) const {
    return {.name = name,
            .role = role,
            .run = [step = std::move(step), steps = options.steps, places = of.batches.size(),
                    place = size_t{0}]() mutable {
              for (int64_t i = 0; i < steps; ++i) step(place++ % places);
            }};
  }
};

std::vector<Row> race_forward(const Shared& shared, const std::string& ids) {
  Tensor out = torch::empty_like(shared.grad);
  return race("forward_" + ids, shared.samples(), shared.options.rounds,
              {shared.system("bags_forward", Role::measured,
                             [&](size_t place) {
                               const ops::TableBags& bags = shared.of.batches[place].bags;
                               ops::bags_forward(shared.table, bags);
                             }),
               shared.system("bytes", Role::limit,
                             [&](size_t place) {
                               read_all(shared.of.batches[place].bags.rows);
                               touch_rows(shared.table, shared.touched[place], /*write=*/false);
                               out.zero_();
                             }),
               shared.system("stock: at::_embedding_bag", Role::stock, [&](size_t place) {
                 const StockBatch& batch = shared.of.stock_batches[place];
                 at::_embedding_bag(shared.table, batch.ids, batch.offsets);
               })});
}

Step our_update(const Shared& shared, ops::UpdateRule rule, torch::Dtype dtype = torch::kFloat) {
  const Tensor start = shared.table.to(dtype, /*non_blocking=*/false, /*copy=*/true);
  return [&shared, rule, table = start, state = ops::initial_state(rule, start),
          t = int64_t{0}](size_t place) mutable {
    ops::update_table(rule, table, state, {{.bags = shared.of.batches[place].bags, .grad_out = shared.grad}},
                      {.learning_rate = 1e-3, .batch_size = shared.of.shape.size, .step = ++t});
  };
}

Step stock_update(const Shared& shared) {
  const Tensor table = shared.table.clone().requires_grad_();
  auto optimizer = std::make_shared<torch::optim::Adagrad>(std::vector<Tensor>{table});
  return [&shared, table, optimizer](size_t place) {
    const StockBatch& batch = shared.of.stock_batches[place];
    const Tensor lengths = shared.of.batches[place].bags.offsets.diff();
    const Tensor bag_of_id = at::repeat_interleave(lengths);
    table.mutable_grad() = at::_embedding_bag_backward(
        shared.grad.view({-1, shared.table.size(1)}), batch.ids, batch.offsets, bag_of_id, lengths,
        /*maximum_indices=*/torch::empty({0}, torch::kLong), shared.table.size(0),
        /*scale_grad_by_freq=*/false, /*mode=*/0,
        /*sparse=*/true,
        /*per_sample_weights=*/{});
    optimizer->step();
  };
}

std::vector<Row> race_update(const Shared& shared, const std::string& ids) {
  using ops::UpdateRule;
  const auto ours = [&](const char* name, const Step& step) {
    return shared.system(name, Role::measured, step);
  };
  return race("update_" + ids, shared.samples(), shared.options.rounds,
              {ours("row-wise Adagrad", our_update(shared, UpdateRule::rowwise_adagrad)),
               ours("row-wise Adagrad, bf16 table",
                    our_update(shared, UpdateRule::rowwise_adagrad, torch::kBFloat16)),
               ours("Adagrad", our_update(shared, UpdateRule::adagrad)),
               ours("lazy Adam", our_update(shared, UpdateRule::lazy_adam)),
               ours("SGD", our_update(shared, UpdateRule::sgd)),
               shared.system("bytes", Role::limit,
                             [&](size_t place) {
                               read_all(shared.of.batches[place].bags.rows);
                               read_all(shared.grad);
                               touch_rows(shared.table, shared.touched[place], /*write=*/true);
                               touch_rows(shared.squares, shared.touched[place], /*write=*/true);
                             }),
               shared.system("stock: sparse Adagrad", Role::stock, stock_update(shared))});
}

}  // namespace

std::vector<Row> bench_ops(const OpsBench& options) {
  const torch::NoGradGuard no_grad;
  at::set_num_threads(options.threads);
  std::vector<Row> rows;
  for (const auto& [ids, user_ids, item_ids] : {std::tuple("ids25", 1, 1), std::tuple("ids500", 24, 4)}) {
    const BatchShape shape{.name = ids,
                           .size = options.batch_size,
                           .table_rows = options.table_rows,
                           .user_ids = user_ids,
                           .item_ids = item_ids};
    Shared shared{
        .options = options,
        .of = make_case(shape, {.dimension = options.dimension}, draw_batches(shape, options.batches)),
        .table = ops::empty_in_huge_pages({options.table_rows, options.dimension}, torch::kFloat).normal_(),
        .squares = torch::ones({options.table_rows, 1}),
        .grad = torch::randn({options.batch_size, kFields * options.dimension}),
        .touched = {}};
    for (const TensorBatch& batch : shared.of.batches) {
      shared.touched.push_back(std::get<0>(at::_unique(batch.bags.rows)));
    }
    for (const auto& part : {race_forward(shared, ids), race_update(shared, ids)}) {
      rows.insert(rows.end(), part.begin(), part.end());
    }
  }
  return rows;
}

}  // namespace esmm::bench
