#include "apps/bench/train_case.h"

#include <utility>

namespace esmm::bench {
namespace {

ops::TableBags bags_of(RowBags bags, int64_t fields) {
  return to_tensors({.bags = std::move(bags), .click = {}, .conversion = {}},
                    std::vector<Pooling>(static_cast<size_t>(fields), Pooling::sum))
      .bags;
}

TensorBatch with_users_apart(const TensorBatch& flat, const Batch& batch, const BatchShape& shape) {
  RowBags users, items;
  for (int64_t b = 0; b < batch.size; ++b) {
    const bool first = b % shape.impressions_of_a_user == 0;
    for (int64_t f = 0; f < kFields; ++f) {
      if (f < kUserFields && !first) continue;
      RowBags& bags = f < kUserFields ? users : items;
      const auto bag = static_cast<size_t>(b * kFields + f);
      for (int64_t i = batch.bags.offsets[bag]; i < batch.bags.offsets[bag + 1]; ++i) {
        bags.push(batch.bags.ids[static_cast<size_t>(i)]);
      }
      bags.close_bag();
    }
  }
  TensorBatch apart = flat;
  apart.bags = bags_of(std::move(items), kItemFields);
  apart.users = UserSide{.bags = bags_of(std::move(users), kUserFields),
                         .of = torch::arange(batch.size).floor_divide(shape.impressions_of_a_user)};
  return apart;
}

}  // namespace

TrainCase make_case(const BatchShape& shape, const NetworkSizes& sizes, const std::vector<Batch>& batches,
                    const torch::Device& device) {
  TrainCase made{.shape = shape,
                 .sizes = sizes,
                 .batches = {},
                 .users_apart = {},
                 .stock_batches = {},
                 .device = device};
  for (const Batch& batch : batches) {
    const auto on_device = [&](TensorBatch on_host) {
      if (!device.is_cpu()) on_host.check(shape.table_rows);
      return on_host.to(device);
    };
    const TensorBatch flat = to_tensors(batch, std::vector<Pooling>(kFields, Pooling::sum));
    made.batches.push_back(on_device(flat));
    if (shape.impressions_of_a_user > 1)
      made.users_apart.push_back(on_device(with_users_apart(flat, batch, shape)));
    const torch::Tensor offsets = torch::tensor(batch.bags.offsets);
    made.stock_batches.push_back({.ids = torch::tensor(batch.bags.ids).to(device, torch::kLong),
                                  .offsets = offsets.slice(0, 0, -1).to(device, false, /*copy=*/true),
                                  .click = torch::tensor(batch.click).to(device),
                                  .conversion = torch::tensor(batch.conversion).to(device)});
  }
  return made;
}

}  // namespace esmm::bench
