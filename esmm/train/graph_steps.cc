#include "esmm/train/graph_steps.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <string>
#include <utility>

#include "esmm/core/error.h"

namespace esmm::train {
namespace {

using torch::Tensor;

constexpr int64_t kFirstSteps = 3;  // that run as they are

int64_t with_room(int64_t count) { return count + count / 8 + 1; }

int64_t rows_of(const ops::TableBags& bags) { return (bags.offsets.numel() - 1) / bags.fields; }

// Bags with room for more ids, and so many rows. before: those of the last capture, if they were of the same
// fields; there is no less room than they had. What lies behind the last id is not read.
ops::TableBags roomy(const ops::TableBags& bags, const ops::TableBags* before, int64_t rows) {
  const int64_t had = before != nullptr ? before->rows.numel() : 0;
  const int64_t room = std::max(had, with_room(bags.rows.numel()));
  ops::TableBags made{.rows = torch::zeros({room}, bags.rows.options()),
                      .offsets = torch::empty({rows * bags.fields + 1}, bags.offsets.options()),
                      .weights = {},
                      .fields = bags.fields,
                      .checked_rows = bags.checked_rows};
  if (bags.weights.defined() || (before != nullptr && before->weights.defined()))
    made.weights = torch::ones({room}, bags.rows.options().dtype(torch::kFloat));
  return made;
}

// A batch's users with room for more of them: as many as it has impressions at most.
UserSide roomy(const UserSide& users, const UserSide* before) {
  const int64_t had = before != nullptr ? rows_of(before->bags) : 0;
  const int64_t room = std::max(had, std::min(with_room(rows_of(users.bags)), users.of.numel()));
  return {.bags = roomy(users.bags, before != nullptr ? &before->bags : nullptr, room),
          .of = torch::empty_like(users.of)};
}

bool fits(const Tensor& from, const Tensor& to) { return from.defined() == to.defined(); }

bool fits(const ops::TableBags& bags, const ops::TableBags& room) {
  return bags.rows.numel() <= room.rows.numel() && bags.offsets.numel() <= room.offsets.numel() &&
         (room.weights.defined() || !bags.weights.defined());
}

bool fits(const TensorBatch& batch, const TensorBatch& input) {
  return fits(batch.bags, input.bags) && batch.users.has_value() == input.users.has_value() &&
         (!batch.users || fits(batch.users->bags, input.users->bags)) &&
         fits(batch.click_weight, input.click_weight) &&
         fits(batch.conversion_weight, input.conversion_weight);
}

void copy_into(const Tensor& from, const Tensor& to) {
  if (from.defined()) Tensor(to).slice(0, 0, from.size(0)).copy_(from, /*non_blocking=*/true);
}

// Bags that there is room for and the batch lacks are empty.
void copy_into(const ops::TableBags& from, const ops::TableBags& to) {
  copy_into(from.rows, to.rows);
  copy_into(from.offsets, to.offsets);
  Tensor(to.offsets).slice(0, from.offsets.numel()).fill_(from.rows.numel());
  copy_into(from.weights, to.weights);
  if (to.weights.defined() && !from.weights.defined()) Tensor(to.weights).fill_(1);
}

void copy_into(const TensorBatch& from, const TensorBatch& to) {
  copy_into(from.bags, to.bags);
  if (from.users) {
    copy_into(from.users->bags, to.users->bags);
    copy_into(from.users->of, to.users->of);
  }
  copy_into(from.click, to.click);
  copy_into(from.conversion, to.conversion);
  copy_into(from.click_weight, to.click_weight);
  copy_into(from.conversion_weight, to.conversion_weight);
}

std::unique_ptr<ops::Graph> captured(const c10::Stream& stream, const std::function<void()>& body) {
  try {
    return ops::cuda_library().capture(stream, body);
  } catch (const c10::Error& error) {
    const std::string why = error.what_without_backtrace();
    throw Error({.what = "a step cannot be captured as a CUDA graph",
                 .where = "train.cuda_graph",
                 .got = why.substr(0, why.find('\n')),
                 .hint = "set it to false"});
  }
}

}  // namespace

GraphSteps::Capture capture_on(const torch::Device& gpu) {
  // Not one that a feed copies on: that has a low priority.
  const c10::Stream stream =
      c10::impl::VirtualGuardImpl(gpu.type()).getStreamFromGlobalPool(gpu, /*isHighPriority=*/true);
  return [stream](const std::function<void()>& body) { return captured(stream, body); };
}

LossTerms GraphSteps::operator()(const TensorBatch& batch) {
  if (batch.bags.checked_rows == 0 || (batch.users && batch.users->bags.checked_rows == 0))
    throw InternalError("graph steps: expected a batch that is checked");
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
  const TensorBatch* before = captured_ ? &captured_->input : nullptr;
  const bool alike = before != nullptr && before->users.has_value() == batch.users.has_value();
  Captured next{.input = batch.with_each([](const Tensor& tensor) { return torch::empty_like(tensor); }),
                .terms = {},
                .graph = nullptr};
  next.input.bags = roomy(batch.bags, alike ? &before->bags : nullptr, batch.size);
  if (batch.users) next.input.users = roomy(*batch.users, alike ? &*before->users : nullptr);
  captured_.reset();  // the next graph's memory may be this one's
  captured_ = std::move(next);
  captured_->graph = capture_([this] { captured_->terms = run_(captured_->input); });
}

}  // namespace esmm::train
