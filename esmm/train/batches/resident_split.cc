#include "esmm/train/batches/resident_split.h"

#include <algorithm>
#include <numeric>

#include "esmm/core/error.h"
#include "esmm/features/field_group.h"

namespace esmm::train {
namespace {

std::vector<int64_t> all_impressions(const data::Split& split) {
  std::vector<int64_t> impressions(static_cast<size_t>(split.size()));
  std::iota(impressions.begin(), impressions.end(), int64_t{0});
  return impressions;
}

torch::Tensor selected(const torch::Tensor& from, const torch::Tensor& places) {
  return from.defined() ? from.index_select(0, places) : from;
}

}  // namespace

ResidentSplit::ResidentSplit(const data::Split& split, bool users_apart)
    : split_(split),
      bags_(split, users_apart ? item_fields(split.schema()) : all_fields(split.schema()),
            all_impressions(split)) {
  if (!users_apart) return;
  const FieldGroup fields = user_fields(split.schema());
  users_ = distinct_users(split, fields.fields);
  user_bags_.emplace(split, fields, users_->firsts);
}

int64_t ResidentSplit::bytes() const {
  const int64_t labels = 2 + (split_.has_click_weight() ? 1 : 0) + (split_.has_conversion_weight() ? 1 : 0);
  return bags_.bytes() + (user_bags_ ? user_bags_->bytes() : 0) +
         labels * size() * static_cast<int64_t>(sizeof(float));
}

void ResidentSplit::load(const torch::Device& device) {
  device_ = device;
  const std::vector<int64_t> impressions = all_impressions(split_);
  bags_.load(split_, impressions, device);
  if (user_bags_) user_bags_->load(split_, users_->firsts, device);
  load_labels(impressions);
}

void ResidentSplit::load_labels(std::span<const int64_t> impressions) {
  const auto floats = [&](bool wanted) {
    return wanted ? torch::empty({size()}, torch::kFloat) : torch::Tensor();
  };
  const auto data = [](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.mutable_data_ptr<float>() : nullptr;
  };
  click_ = floats(true);
  conversion_ = floats(true);
  click_weight_ = floats(split_.has_click_weight());
  conversion_weight_ = floats(split_.has_conversion_weight());
  split_.copy_labels(impressions, {.click = data(click_),
                                   .conversion = data(conversion_),
                                   .click_weight = data(click_weight_),
                                   .conversion_weight = data(conversion_weight_)});
  for (torch::Tensor* const tensor : {&click_, &conversion_, &click_weight_, &conversion_weight_}) {
    if (tensor->defined()) *tensor = tensor->to(device_);
  }
}

TensorBatch ResidentSplit::operator()(std::span<const int64_t> impressions) const {
  const torch::Tensor places = moved(impressions);
  TensorBatch batch{.size = static_cast<int64_t>(impressions.size()),
                    .bags = bags_(impressions, places),
                    .click = selected(click_, places),
                    .conversion = selected(conversion_, places),
                    .click_weight = selected(click_weight_, places),
                    .conversion_weight = selected(conversion_weight_, places)};
  if (users_) batch.users = users_of(impressions);
  return batch;
}

UserSide ResidentSplit::users_of(std::span<const int64_t> impressions) const {
  std::vector<int64_t> users, of;
  of.reserve(impressions.size());
  for (const int64_t impression : impressions) {
    const int64_t user = users_->of[impression];
    if (users.empty() || users.back() != user) users.push_back(user);
    of.push_back(static_cast<int64_t>(users.size()) - 1);
  }
  return {.bags = (*user_bags_)(users, moved(users)), .of = moved(of)};
}

std::vector<uint64_t> ResidentSplit::user_hashes(std::span<const int64_t> impressions) const {
  if (!users_) throw InternalError("resident split: hashes of users that are not apart");
  std::vector<uint64_t> hashes;
  hashes.reserve(impressions.size());
  for (const int64_t impression : impressions) hashes.push_back(users_->hashes[users_->of[impression]]);
  return hashes;
}

// Through pinned memory, which is kept until the copy is done.
torch::Tensor ResidentSplit::moved(std::span<const int64_t> values) const {
  const auto options = torch::TensorOptions(torch::kLong).pinned_memory(device_.is_cuda());
  torch::Tensor on_host = torch::empty({static_cast<int64_t>(values.size())}, options);
  std::copy(values.begin(), values.end(), on_host.mutable_data_ptr<int64_t>());
  return on_host.to(device_, /*non_blocking=*/true);
}

}  // namespace esmm::train
