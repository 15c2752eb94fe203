#include "esmm/model/tensor_batch.h"

#include <cstring>

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

TensorBatch TensorBatch::to(const torch::Device& device) const {
  const auto moved = [&](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.to(device) : tensor;
  };
  const auto moved_bags = [&](const ops::TableBags& from) {
    return ops::TableBags{.rows = moved(from.rows),
                          .offsets = moved(from.offsets),
                          .weights = moved(from.weights),
                          .fields = from.fields,
                          .checked_rows = from.checked_rows};
  };
  TensorBatch batch{.size = size,
                    .bags = moved_bags(bags),
                    .click = moved(click),
                    .conversion = moved(conversion),
                    .click_weight = moved(click_weight),
                    .conversion_weight = moved(conversion_weight)};
  if (users) batch.users = UserSide{.bags = moved_bags(users->bags), .of = moved(users->of)};
  return batch;
}

}  // namespace esmm
