#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace esmm {

// The towers' optimiser: Adam (Kingma & Ba 2015) with decoupled weight decay (Loshchilov & Hutter 2019).
struct TowerOptimizerConfig {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.0;  // decoupled, on weights, not on biases
};

// The rules are those of esmm/ops/update_rule.h. All but adam move touched rows alone.
enum class TableOptimizer {
  adam,             // dense: rewrites the whole table each step
  lazy_adam,        // Adam on each row's own sequence of gradients
  rowwise_adagrad,  // one accumulator per row
  adagrad,          // one accumulator per element
  sgd,              // no momentum
};

struct TableOptimizerConfig {
  TableOptimizer name = TableOptimizer::adam;
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double l2 = 0.0;  // adds l2 / (2 B) * sum over looked-up ids of |row|^2 to the loss
};

enum class Schedule { constant, linear, cosine };

// Learning-rate factor of both optimisers: rises linearly over warmup_steps, then falls from 1 to
// final_factor over schedule_epochs (0: as many as train.epochs), by line or half cosine.
struct ScheduleConfig {
  Schedule name = Schedule::constant;
  int64_t warmup_steps = 0;
  double schedule_epochs = 0;
  double final_factor = 0.0;
};

struct EarlyStopConfig {
  std::string metric;    // as in ctcvr.auc or cvr.logloss; empty: no early stop. Needs a validation split.
  int64_t patience = 1;  // validations without a better value
};

// In which numbers the towers multiply in training; parameters, sums, losses and evaluation are fp32. tf32:
// floats of which a GPU's matrix units read the first 10 digits; fp32 on the CPU.
enum class Precision { fp32, tf32, bf16 };

struct TrainConfig {
  std::filesystem::path run;  // run folder
  uint64_t seed = 1;
  std::string device = "auto";  // auto, cpu, or any LibTorch device as in cuda:0
  bool cuda_graph = true;       // on a GPU: a step is captured once and launched as a whole
  Precision precision = Precision::fp32;
  int64_t threads = 0;         // of one operation; 0: one per core, within the container's quota
  int64_t loader_threads = 0;  // that gather batches; 0: see train/threads.h
  int64_t batch_size = 1024;
  int64_t epochs = 1;
  int64_t max_steps = 0;  // 0: no bound
  bool shuffle = true;
  int64_t shuffle_window = int64_t{1} << 18;  // impressions that are shuffled among each other
  int64_t impressions_per_user = 0;  // up to so many of one user stand together in a batch; 0: shuffled alike
  TowerOptimizerConfig towers;
  TableOptimizerConfig table;
  ScheduleConfig schedule;
  EarlyStopConfig early_stop;
  int64_t validate_every_steps = 0;    // 0: after each epoch
  int64_t checkpoint_every_steps = 0;  // 0: after each epoch
  int64_t log_every_steps = 50;
};

}  // namespace esmm
