#include "esmm/train/memory_need.h"

#include <fmt/format.h>

#include <algorithm>

#include "esmm/core/error.h"
#include "esmm/train/embedding_optimizer.h"

namespace esmm::train {
namespace {

std::string in_gib(int64_t bytes) {
  return fmt::format("{:.2f} GiB", static_cast<double>(bytes) / (int64_t{1} << 30));
}

constexpr int64_t kFloat = sizeof(float);

// Of an impression's numbers between the look-up and the loss, each with its gradient.
int64_t activations(const Method& model) {
  int64_t numbers = 0;
  for (const SharedEmbedding& table : model.tables())
    numbers += table->options().fields * table->options().dimension;
  for (const auto& [name, parameter] : model.tower_parameters()) {
    if (parameter.dim() == 2) numbers += parameter.size(0);  // a layer's units
  }
  return numbers * 2 * kFloat;
}

// Of one id while its row is moved on a GPU: row and place twice, as they are sorted, and its share of two
// sums for each tile of 64.
int64_t of_an_id(const SharedEmbedding& table) {
  return 4 * 4 + table->options().dimension * 2 * kFloat / 64;
}

}  // namespace

MemoryNeed memory_need(const Method& model, const Config& config, const torch::Device& device) {
  MemoryNeed need{.rows = model.tables().front()->options().rows};  // as many in all of a model's tables
  const ops::UpdateRule rule = update_rule(config.train.table.name);
  for (const SharedEmbedding& of : model.tables()) {
    const torch::Tensor& table = of->table();
    need.bytes_per_row +=
        table.size(1) * table.element_size() + ops::state_numbers_per_row(rule, table.size(1)) * kFloat +
        (device.is_cuda() && rule == ops::UpdateRule::adam ? 1 : 0);  // whether a step moved it
    if (device.is_cuda()) need.others += config.train.batch_size * of->options().fields * of_an_id(of);
  }
  for (const auto& [name, parameter] : model.tower_parameters())
    need.others += 4 * static_cast<int64_t>(parameter.nbytes());
  // A captured step has memory of its own, beside that of the batches that run as they are.
  need.others +=
      config.train.batch_size * activations(model) * (device.is_cuda() && config.train.cuda_graph ? 2 : 1);
  return need;
}

void require_memory(const MemoryNeed& need, int64_t free_bytes, const std::string& device) {
  if (need.bytes() <= free_bytes) return;
  const int64_t fit = std::max<int64_t>(0, free_bytes - need.others) / need.bytes_per_row;
  throw Error(
      {.what = "the model does not fit the device's memory",
       .where = device,
       .expected = fmt::format("at most {} free", in_gib(free_bytes)),
       .got = fmt::format("{}: {} rows x {} bytes, and {} beside them", in_gib(need.bytes()), need.rows,
                          need.bytes_per_row, in_gib(need.others)),
       .hint = fit == 0
                   ? "no table would fit beside them: lower train.batch_size or model.layers"
                   : fmt::format("{} rows would fit: raise data.vocabulary.min_frequency or lower "
                                 "model.dimension; model.table_type bfloat16 and train.table.name "
                                 "rowwise_adagrad take fewer bytes per row, a smaller train.batch_size fewer "
                                 "beside them",
                                 fit)});
}

void require_memory(const SplitNeed& need, const MemoryNeed& model, int64_t free_bytes,
                    const std::string& device) {
  const int64_t beside = model.bytes() + need.of_batches(), room = std::max<int64_t>(0, free_bytes - beside);
  if (need.bytes <= room) return;
  const double each = static_cast<double>(need.bytes) / static_cast<double>(need.impressions);
  throw Error(
      {.what = "the training split does not fit the device's memory",
       .where = device,
       .expected = fmt::format("at most {}: {} free, {} of it for the model and batches", in_gib(room),
                               in_gib(free_bytes), in_gib(beside)),
       .got = fmt::format("{}: {} impressions x {:.0f} bytes", in_gib(need.bytes), need.impressions, each),
       .hint = fmt::format("{} impressions would fit: set data.placement to host",
                           static_cast<int64_t>(static_cast<double>(room) / each))});
}

}  // namespace esmm::train
