#include "esmm/train/batches/gather.h"

#include <algorithm>
#include <vector>

#include "esmm/train/batches/user_groups.h"

namespace esmm::train {
namespace {

// In pieces that stay in the cache from one pass to the next.
template <class Visit>
void for_chunks(size_t impressions, const Visit& visit) {
  constexpr size_t kChunk = 256;
  for (size_t begin = 0; begin < impressions; begin += kChunk)
    visit(begin, std::min(kChunk, impressions - begin));
}

template <class T>
std::span<T> span_of(const torch::Tensor& tensor) {
  return {tensor.mutable_data_ptr<T>(), static_cast<size_t>(tensor.numel())};
}

// Whether effective weights are other than 1 though there are no raw ones: means of several ids.
bool has_means(std::span<const int64_t> offsets, const std::vector<Pooling>& pooling) {
  for (size_t field = 0; field < pooling.size(); ++field) {
    if (pooling[field] == Pooling::sum) continue;
    for (size_t bag = field; bag + 1 < offsets.size(); bag += pooling.size()) {
      if (offsets[bag + 1] - offsets[bag] > 1) return true;
    }
  }
  return false;
}

// Writes the effective weights of some rows of bags, over the raw ones where there are any.
void pool(const int64_t* offsets, size_t rows, const FieldGroup& group, float* weights) {
  for (size_t row = 0; row < rows; ++row) {
    for (const Pooling pooling : group.pooling) {
      const std::span<float> bag(weights + offsets[0], weights + offsets[1]);
      ++offsets;
      if (group.weighted) {
        apply_pooling(pooling, bag);
      } else {
        const bool sum = pooling == Pooling::sum || bag.empty();
        std::fill(bag.begin(), bag.end(), sum ? 1.0f : 1.0f / static_cast<float>(bag.size()));
      }
    }
  }
}

}  // namespace

ops::TableBags gather_bags(const data::Split& split, std::span<const int64_t> impressions,
                           const FieldGroup& group) {
  const size_t fields = group.fields.size();
  ops::TableBags bags{
      .rows = {}, .offsets = {}, .weights = {}, .fields = group.size(), .checked_rows = split.table_rows()};
  bags.offsets = torch::empty({static_cast<int64_t>(impressions.size() * fields) + 1}, torch::kLong);
  const std::span<int64_t> offsets = span_of<int64_t>(bags.offsets);
  offsets[0] = 0;
  std::vector<data::StoredIds> pieces;
  for_chunks(impressions.size(), [&](size_t begin, size_t count) {
    const std::span ends = offsets.subspan(begin * fields + 1, count * fields);
    split.find_bags(impressions.subspan(begin, count), group.fields, ends, pieces);
    int64_t end = offsets[begin * fields];
    for (int64_t& length : ends) length = end += length;
  });
  bags.rows = torch::empty({offsets.back()}, torch::kInt);
  if (group.weighted || has_means(offsets, group.pooling))
    bags.weights = torch::empty({offsets.back()}, torch::kFloat);
  auto* const ids = bags.rows.mutable_data_ptr<int32_t>();
  float* const weights = bags.weights.defined() ? bags.weights.mutable_data_ptr<float>() : nullptr;
  const size_t pieces_each = impressions.empty() ? 0 : pieces.size() / impressions.size();
  for_chunks(impressions.size(), [&](size_t begin, size_t count) {
    const int64_t first = offsets[begin * fields];
    split.copy_ids(std::span(pieces).subspan(begin * pieces_each, count * pieces_each), ids + first,
                   group.weighted ? weights + first : nullptr);
    if (weights != nullptr) pool(&offsets[begin * fields], count, group, weights);
  });
  return bags;
}

Gather::Gather(const data::Split& split, bool users_apart)
    : split_(split),
      users_apart_(users_apart),
      users_(user_fields(split.schema())),
      others_(users_apart ? item_fields(split.schema()) : all_fields(split.schema())) {}

TensorBatch Gather::operator()(std::span<const int64_t> impressions) const {
  const auto size = static_cast<int64_t>(impressions.size());
  const auto floats = [&](bool wanted) {
    return wanted ? torch::empty({size}, torch::kFloat) : torch::Tensor();
  };
  const auto data = [](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.mutable_data_ptr<float>() : nullptr;
  };
  TensorBatch batch{.size = size,
                    .bags = gather_bags(split_, impressions, others_),
                    .click = floats(true),
                    .conversion = floats(true),
                    .click_weight = floats(split_.has_click_weight()),
                    .conversion_weight = floats(split_.has_conversion_weight())};
  split_.copy_labels(impressions, {.click = data(batch.click),
                                   .conversion = data(batch.conversion),
                                   .click_weight = data(batch.click_weight),
                                   .conversion_weight = data(batch.conversion_weight)});
  if (users_apart_) {
    const torch::Tensor of = torch::empty({size}, torch::kLong);
    const std::vector<int64_t> users = user_runs(split_, users_.fields, impressions, span_of<int64_t>(of));
    batch.users = UserSide{.bags = gather_bags(split_, users, users_), .of = of};
  }
  return batch;
}

}  // namespace esmm::train
