#pragma once

#include <ATen/core/Generator.h>

#include "esmm/model/method.h"

// The two layouts that methods are built on; a method adds its loss terms.
namespace esmm {

// One embedding table and a tower for each task on it.
class SharedNetwork : public Method {
 public:
  Outputs forward(const TensorBatch& batch) override;
  Head ctr_head() const override { return {embedding_, ctr_tower_}; }
  Head cvr_head() const override { return {embedding_, cvr_tower_}; }

 protected:
  SharedNetwork(const ModelConfig& config, const ModelShape& shape, const at::Generator& generator);

  SharedEmbedding embedding_;
  Tower ctr_tower_, cvr_tower_;
};

// Two networks that share nothing, each with a table and a tower of its own.
class TwoNetworks : public Method {
 public:
  Outputs forward(const TensorBatch& batch) override;
  Head ctr_head() const override { return {ctr_embedding_, ctr_tower_}; }
  Head cvr_head() const override { return {cvr_embedding_, cvr_tower_}; }

 protected:
  // cvr_base_rate: the training rate of what the second tower predicts.
  TwoNetworks(const ModelConfig& config, const ModelShape& shape, double cvr_base_rate,
              const at::Generator& generator);

  SharedEmbedding ctr_embedding_, cvr_embedding_;
  Tower ctr_tower_, cvr_tower_;
};

}  // namespace esmm
