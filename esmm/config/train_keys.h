#pragma once

#include <array>

#include "esmm/config/rule.h"
#include "esmm/config/train_config.h"

// The tables of section train.
namespace esmm::config {

template <>
struct Names<TableOptimizer> {
  static constexpr std::array all{"adam", "lazy_adam", "rowwise_adagrad", "adagrad", "sgd"};
};
template <>
struct Names<Schedule> {
  static constexpr std::array all{"constant", "linear", "cosine"};
};

template <>
struct Names<Precision> {
  static constexpr std::array all{"fp32", "tf32", "bf16"};
};

template <class Visitor>
void describe(Keys<TowerOptimizerConfig>, Visitor&& visit) {
  using T = TowerOptimizerConfig;
  visit("learning_rate", &T::learning_rate, at_least(0), "of Adam");
  visit("beta1", &T::beta1, below_one(), "decay of the mean");
  visit("beta2", &T::beta2, below_one(), "decay of the square's mean");
  visit("epsilon", &T::epsilon, above(0), "added to the square's root");
  visit("weight_decay", &T::weight_decay, at_least(0), "decoupled, on weights, not on biases");
}

template <class Visitor>
void describe(Keys<TableOptimizerConfig>, Visitor&& visit) {
  using T = TableOptimizerConfig;
  visit("name", &T::name, any(),
        "adam: dense, rewrites the whole table each step; the others move touched rows alone: lazy_adam, "
        "Adam with a "
        "step count of each row's own; rowwise_adagrad, one accumulator per row; adagrad, one per element; "
        "sgd, none");
  visit("learning_rate", &T::learning_rate, at_least(0), "of the table");
  visit("beta1", &T::beta1, below_one(), "adam, lazy_adam: decay of the mean");
  visit("beta2", &T::beta2, below_one(), "adam, lazy_adam: decay of the square's mean");
  visit("epsilon", &T::epsilon, above(0), "added to the square's root; of all but sgd");
  visit("l2", &T::l2, at_least(0), "adds l2 / (2 B) * sum over looked-up ids of |row|^2 to the loss");
}

template <class Visitor>
void describe(Keys<ScheduleConfig>, Visitor&& visit) {
  using T = ScheduleConfig;
  visit("name", &T::name, any(), "how the learning rates fall after the warm-up");
  visit("warmup_steps", &T::warmup_steps, at_least(0), "steps of linear rise");
  visit("schedule_epochs", &T::schedule_epochs, at_least(0),
        "epochs over which they fall; 0: as many as epochs");
  visit("final_factor", &T::final_factor, between(0, 1), "factor at the end");
}

template <class Visitor>
void describe(Keys<EarlyStopConfig>, Visitor&& visit) {
  using T = EarlyStopConfig;
  visit("metric", &T::metric, any(),
        "as in ctcvr.auc or cvr.logloss, on the validation split; empty: no early stop");
  visit("patience", &T::patience, at_least(1), "validations without a better value");
}

template <class Visitor>
void describe(Keys<TrainConfig>, Visitor&& visit) {
  using T = TrainConfig;
  visit("run", &T::run, required(), "run folder");
  visit("seed", &T::seed, any(), "of initial values, order and dropout");
  visit("device", &T::device, required(), "auto, cpu, or any LibTorch device as in cuda:0");
  visit("cuda_graph", &T::cuda_graph, any(),
        "on a GPU: a step is captured once and then launched as a whole; false: kernel by kernel, slower");
  visit("precision", &T::precision, any(),
        "bf16: the towers multiply in bfloat16 while training, faster on CPUs with AMX and on AMD's with "
        "AVX512-BF16; tf32: a GPU's matrix units read the first 10 digits of floats; all else is fp32");
  visit("threads", &T::threads, between(0, 4096),
        "threads of one operation; 0: one per core, within the container's quota");
  visit("loader_threads", &T::loader_threads, between(0, 256),
        "threads that gather batches; 0: on a CPU the operations' own, beside a GPU one per eight, at least "
        "one");
  visit("batch_size", &T::batch_size, between(1, 16777216), "impressions per step");
  visit("epochs", &T::epochs, at_least(1), "passes over the training impressions");
  visit("max_steps", &T::max_steps, at_least(0), "0: no bound");
  visit("shuffle", &T::shuffle, any(), "a new order each epoch");
  visit("shuffle_window", &T::shuffle_window, between(1, 1073741824),
        "impressions that are shuffled among each other: blocks from all over the split");
  visit(
      "impressions_per_user", &T::impressions_per_user, between(0, 16777216),
      "up to so many of one user (of the same values in all fields of side user) stand together in a batch, "
      "where these fields are looked up and multiplied once; 0: all are shuffled alike");
  visit("towers", &T::towers, any(), "the towers' optimiser: Adam with decoupled weight decay");
  visit("table", &T::table, any(), "the embedding table's optimiser");
  visit("schedule", &T::schedule, any(), "of both learning rates");
  visit("early_stop", &T::early_stop, any(), "stop when validation no longer gets better");
  visit("validate_every_steps", &T::validate_every_steps, at_least(0), "0: after each epoch");
  visit("checkpoint_every_steps", &T::checkpoint_every_steps, at_least(0), "0: after each epoch");
  visit("log_every_steps", &T::log_every_steps, at_least(1), "steps per line of metrics.jsonl");
}

}  // namespace esmm::config
