#include "esmm/train/batches/resident_bags.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "esmm/train/batches/gather.h"

namespace esmm::train {
namespace {

constexpr int64_t kPart = 4096;  // impressions that a thread takes at once

// visit(first, count) for all, on the operations' threads.
template <class Visit>
void for_parts(int64_t size, const Visit& visit) {
  at::parallel_for(0, (size + kPart - 1) / kPart, 1, [&](int64_t begin, int64_t end) {
    for (int64_t chunk = begin; chunk < end; ++chunk)
      visit(chunk * kPart, std::min(kPart, size - chunk * kPart));
  });
}

std::span<const int64_t> part(std::span<const int64_t> impressions, int64_t first, int64_t count) {
  return impressions.subspan(static_cast<size_t>(first), static_cast<size_t>(count));
}

// Reads what lies in one stretch and rises, or nearly so, at once and in its order.
void read_in(const data::Split& split, std::span<const int64_t> impressions) {
  const int64_t first = impressions.front(), count = impressions.back() - first + 1;
  if (count <= 4 * static_cast<int64_t>(impressions.size())) split.read_in(first, count);
  split.read_in_joined(impressions);
}

}  // namespace

ResidentBags::ResidentBags(const data::Split& split, FieldGroup group, std::span<const int64_t> impressions)
    : group_(std::move(group)),
      table_rows_(split.table_rows()),
      starts_(impressions.size() + 1),
      means_(impressions.size()) {
  count(split, impressions);
}

void ResidentBags::count(const data::Split& split, std::span<const int64_t> impressions) {
  const size_t fields = group_.fields.size();
  std::atomic<bool> single = true;
  for_parts(size(), [&](int64_t first, int64_t count) {
    std::vector<int64_t> lengths(static_cast<size_t>(count) * fields);
    std::vector<data::StoredIds> pieces;
    split.find_bags(part(impressions, first, count), group_.fields, lengths, pieces);
    if (!std::ranges::all_of(lengths, [](int64_t length) { return length == 1; })) single = false;
    const int64_t* length = lengths.data();
    for (int64_t i = first; i < first + count; ++i) {
      for (size_t f = 0; f < fields; ++f, ++length) {
        starts_[i + 1] += *length;
        if (*length > 1 && group_.pooling[f] == Pooling::mean) means_[i] = 1;
      }
    }
  });
  for (int64_t i = 0; i < size(); ++i) starts_[i + 1] += starts_[i];
  any_means_ = std::ranges::find(means_, 1) != means_.end();
  single_ = single;
}

int64_t ResidentBags::bytes() const {
  const int64_t ends = single_ ? group_.size() : size() * group_.size();
  return starts_.back() * (has_weights() ? 8 : 4) + ends * 4 + size() * 8;
}

void ResidentBags::load(const data::Split& split, std::span<const int64_t> impressions,
                        const torch::Device& device) {
  const auto ints = torch::TensorOptions(torch::kInt).device(device);
  rows_ = torch::empty({starts_.back()}, ints);
  // Bags of one id each have weights of 1, and none where a chunk has no others.
  if (has_weights()) weights_ = torch::ones({starts_.back()}, ints.dtype(torch::kFloat));
  ends_ = single_ ? torch::arange(1, group_.size() + 1, ints) : torch::empty({size(), group_.size()}, ints);
  ends_ = ends_.view({-1, group_.size()});
  starts_on_device_ = torch::from_blob(starts_.data(), {size()}, torch::kLong)
                          .to(ints.dtype(torch::kLong), /*non_blocking=*/false, /*copy=*/true);
  for_parts(size(), [&](int64_t first, int64_t count) {
    const std::span<const int64_t> chunk = part(impressions, first, count);
    read_in(split, chunk);
    copy(gather_bags(split, chunk, group_), first, count);
  });
}

void ResidentBags::copy(const ops::TableBags& bags, int64_t first, int64_t count) {
  const int64_t begin = starts_[first], end = starts_[first + count], fields = group_.size();
  rows_.slice(0, begin, end).copy_(bags.rows);
  if (bags.weights.defined()) weights_.slice(0, begin, end).copy_(bags.weights);
  if (single_) return;
  const torch::Tensor ends = bags.offsets.slice(0, 1).view({count, fields});
  const torch::Tensor begins = bags.offsets.slice(0, 0, -1, fields).view({count, 1});
  ends_.slice(0, first, first + count).copy_((ends - begins).to(torch::kInt));
}

ops::TableBags ResidentBags::operator()(std::span<const int64_t> places,
                                        const torch::Tensor& on_device) const {
  const auto B = static_cast<int64_t>(places.size()), F = group_.size();
  int64_t ids = 0;
  bool means = false;
  for (const int64_t place : places) {
    ids += starts_[place + 1] - starts_[place];
    means = means || means_[place] != 0;
  }
  const auto longs = on_device.options();
  ops::TableBags bags{.rows = {},
                      .offsets = torch::empty({B * F + 1}, longs),
                      .weights = {},
                      .fields = F,
                      .checked_rows = table_rows_};
  const torch::Tensor ends = single_ ? ends_.expand({B, F}) : ends_.index_select(0, on_device);
  const torch::Tensor counts = ends.select(1, F - 1).to(torch::kLong);
  const torch::Tensor begins = counts.cumsum(0) - counts;  // of impressions, in the batch
  torch::Tensor bag_ends = bags.offsets.slice(0, 1).view({B, F});
  at::add_out(bag_ends, begins.unsqueeze(1), ends);
  bags.offsets.slice(0, 0, 1).zero_();
  // Where each id lies among those that were loaded.
  const torch::Tensor from = (starts_on_device_.index_select(0, on_device) - begins)
                                 .repeat_interleave(counts, 0, /*output_size=*/ids)
                                 .add_(torch::arange(ids, longs));
  bags.rows = rows_.index_select(0, from);
  if (group_.weighted || means) bags.weights = weights_.index_select(0, from);
  return bags;
}

}  // namespace esmm::train
