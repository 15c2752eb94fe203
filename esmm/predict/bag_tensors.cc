#include "esmm/predict/bag_tensors.h"

#include "esmm/core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace esmm::predict {
namespace {

template <class T>
torch::Tensor copy_of(const std::vector<T>& numbers, torch::Dtype type) {
  torch::Tensor tensor = torch::empty({static_cast<int64_t>(numbers.size())}, type);
  std::copy(numbers.begin(), numbers.end(), tensor.data_ptr<T>());
  return tensor;
}

std::span<const float> weights_of(const KeyBags& keys, int64_t first, int64_t count) {
  if (keys.weights.empty()) return {};
  return std::span(keys.weights).subspan(static_cast<size_t>(first), static_cast<size_t>(count));
}

}  // namespace

void require_bags(const KeyBags& keys, const FieldGroup& group, const std::string& where) {
  const auto ids = static_cast<int64_t>(keys.ids.size());
  if (keys.bags() < 0 || keys.bags() % group.size() != 0) {
    throw Error({.what = "wrong number of bags",
                 .where = where,
                 .expected = fmt::format("a multiple of {} fields", group.size()),
                 .got = std::to_string(keys.bags())});
  }
  if (keys.offsets.front() != 0 || keys.offsets.back() != ids ||
      !std::is_sorted(keys.offsets.begin(), keys.offsets.end())) {
    throw Error({.what = "wrong offsets",
                 .where = where,
                 .expected = fmt::format("numbers that rise from 0 to {} keys", ids)});
  }
  if (!keys.weights.empty() && keys.weights.size() != keys.ids.size()) {
    throw Error({.what = "wrong number of weights",
                 .where = where,
                 .expected = std::to_string(ids),
                 .got = std::to_string(keys.weights.size())});
  }
}

BagTensors to_bag_tensors(const KeyBags& keys, int64_t begin, int64_t end, const FieldGroup& group,
                          const Vocabulary& vocabulary) {
  const int64_t fields = group.size();
  std::vector<int64_t> offsets(keys.offsets.begin() + begin * fields,
                               keys.offsets.begin() + end * fields + 1);
  const int64_t first = offsets.front(), count = offsets.back() - first;
  for (int64_t& offset : offsets) offset -= first;

  torch::Tensor rows = torch::empty({count}, torch::kLong);
  int64_t* row = rows.data_ptr<int64_t>();
  for (size_t bag = 0; bag + 1 < offsets.size(); ++bag) {
    const int64_t field = group.fields[bag % static_cast<size_t>(fields)];
    for (int64_t i = offsets[bag]; i < offsets[bag + 1]; ++i)
      row[i] = vocabulary.row_of(keys.ids[first + i], field);
  }

  BagTensors tensors{.rows = std::move(rows), .offsets = copy_of(offsets, torch::kLong), .weights = {}};
  const std::vector<float> weights =
      effective_weights(offsets, weights_of(keys, first, count), group.pooling);
  if (!weights.empty()) tensors.weights = copy_of(weights, torch::kFloat);
  return tensors;
}

}  // namespace esmm::predict
