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
  return {.size = batch.size,
          .rows = to_tensor(batch.bags.ids),
          .offsets = to_tensor(batch.bags.offsets),
          .weights = weights.empty() ? torch::Tensor() : to_tensor(weights),
          .click = to_tensor(batch.click),
          .conversion = to_tensor(batch.conversion)};
}

TensorBatch TensorBatch::to(const torch::Device& device) const {
  const auto moved = [&](const torch::Tensor& tensor) {
    return tensor.defined() ? tensor.to(device) : tensor;
  };
  return {.size = size,
          .rows = moved(rows),
          .offsets = moved(offsets),
          .weights = moved(weights),
          .click = moved(click),
          .conversion = moved(conversion),
          .click_weight = moved(click_weight),
          .conversion_weight = moved(conversion_weight)};
}

}  // namespace esmm
