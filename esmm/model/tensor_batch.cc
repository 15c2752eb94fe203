#include "esmm/model/tensor_batch.h"

#include <cstring>

#include "esmm/ops/check_bags.h"
#include "esmm/ops/sided_linear.h"

namespace esmm {
namespace {

template <class T>
torch::Tensor to_tensor(const std::vector<T>& values) {
  torch::Tensor tensor =
      torch::empty({static_cast<int64_t>(values.size())}, c10::CppTypeToScalarType<T>::value);
  if (!values.empty()) std::memcpy(tensor.mutable_data_ptr(), values.data(), values.size() * sizeof(T));
  return tensor;
}

}  // namespace

TensorBatch to_tensors(const Batch& batch, const std::vector<Pooling>& pooling) {
  const std::vector<float> weights = effective_weights(batch.bags.offsets, batch.bags.weights, pooling);
  const auto optional = [](const std::vector<float>& values) {
    return values.empty() ? torch::Tensor() : to_tensor(values);
  };
  return {.size = batch.size,
          .bags = {.rows = to_tensor(batch.bags.ids),
                   .offsets = to_tensor(batch.bags.offsets),
                   .weights = optional(weights),
                   .fields = static_cast<int64_t>(pooling.size())},
          .click = to_tensor(batch.click),
          .conversion = to_tensor(batch.conversion),
          .click_weight = optional(batch.click_weight),
          .conversion_weight = optional(batch.conversion_weight)};
}

TensorBatch TensorBatch::with_each(const std::function<torch::Tensor(const torch::Tensor&)>& change) const {
  const auto changed = [&](const torch::Tensor& tensor) {
    return tensor.defined() ? change(tensor) : tensor;
  };
  const auto changed_bags = [&](const ops::TableBags& from) {
    return ops::TableBags{.rows = changed(from.rows),
                          .offsets = changed(from.offsets),
                          .weights = changed(from.weights),
                          .fields = from.fields,
                          .checked_rows = from.checked_rows};
  };
  TensorBatch batch{.size = size,
                    .bags = changed_bags(bags),
                    .click = changed(click),
                    .conversion = changed(conversion),
                    .click_weight = changed(click_weight),
                    .conversion_weight = changed(conversion_weight)};
  if (users) batch.users = UserSide{.bags = changed_bags(users->bags), .of = changed(users->of)};
  return batch;
}

TensorBatch TensorBatch::to(const torch::Device& device) const {
  return with_each([&](const torch::Tensor& tensor) { return tensor.to(device); });
}

void TensorBatch::check(int64_t table_rows) {
  ops::check_bags(bags, table_rows);
  if (!users) return;
  ops::check_bags(users->bags, table_rows);
  ops::check_users(users->of, (users->bags.offsets.numel() - 1) / users->bags.fields);
}

}  // namespace esmm
