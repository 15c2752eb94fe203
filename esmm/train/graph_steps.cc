#include "esmm/train/graph_steps.h"

#include <algorithm>
#include <utility>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

using torch::Tensor;

constexpr int64_t kFirstSteps = 3;  // that run as they are

// Bags with room for more ids. What lies behind the last id is not read.
ops::TableBags with_room(const ops::TableBags& bags, int64_t room, bool weighted) {
  ops::TableBags roomy{.rows = torch::zeros({room}, bags.rows.options()),
                       .offsets = torch::empty_like(bags.offsets),
                       .weights = {},
                       .fields = bags.fields,
                       .checked_rows = bags.checked_rows};
  if (weighted) roomy.weights = torch::ones({room}, bags.rows.options().dtype(torch::kFloat));
  return roomy;
}

bool fits(const Tensor& from, const Tensor& to) { return from.defined() == to.defined(); }

bool fits(const TensorBatch& batch, const TensorBatch& input) {
  return batch.bags.rows.numel() <= input.bags.rows.numel() &&
         (input.bags.weights.defined() || !batch.bags.weights.defined()) &&
         fits(batch.click_weight, input.click_weight) &&
         fits(batch.conversion_weight, input.conversion_weight);
}

void copy_into(const Tensor& from, const Tensor& to) {
  if (from.defined()) Tensor(to).slice(0, 0, from.size(0)).copy_(from, /*non_blocking=*/true);
}

void copy_into(const TensorBatch& from, const TensorBatch& to) {
  copy_into(from.bags.rows, to.bags.rows);
  copy_into(from.bags.offsets, to.bags.offsets);
  copy_into(from.bags.weights, to.bags.weights);
  if (to.bags.weights.defined() && !from.bags.weights.defined()) Tensor(to.bags.weights).fill_(1);
  copy_into(from.click, to.click);
  copy_into(from.conversion, to.conversion);
  copy_into(from.click_weight, to.click_weight);
  copy_into(from.conversion_weight, to.conversion_weight);
}

}  // namespace

LossTerms GraphSteps::operator()(const TensorBatch& batch) {
  if (batch.users) throw InternalError("graph steps: expected a batch whose users are not apart");
  if (batch.bags.checked_rows == 0) throw InternalError("graph steps: expected a batch that is checked");
  if (batch.size > batch_size_) {
    batch_size_ = batch.size;
    steps_ = 0;
    captured_.reset();
  }
  if (batch.size < batch_size_ || steps_++ < kFirstSteps) return run_(batch);
  if (!captured_ || !fits(batch, captured_->input)) capture(batch);
  copy_into(batch, captured_->input);
  captured_->graph->replay();
  return captured_->terms;
}

void GraphSteps::capture(const TensorBatch& batch) {
  const bool weighted =
      batch.bags.weights.defined() || (captured_ && captured_->input.bags.weights.defined());
  const int64_t before = captured_ ? captured_->input.bags.rows.numel() : 0, ids = batch.bags.rows.numel();
  captured_.reset();  // its memory first
  Captured next{.input = batch.with_each([](const Tensor& tensor) { return torch::empty_like(tensor); }),
                .terms = {},
                .graph = nullptr};
  next.input.bags = with_room(batch.bags, std::max(before, ids + ids / 8 + 1), weighted);
  captured_ = std::move(next);
  captured_->graph = capture_([this] { captured_->terms = run_(captured_->input); });
}

}  // namespace esmm::train
