#pragma once

#include "esmm/features/schema.h"

#include <cstdint>
#include <string>

namespace esmm::exporting {

// TorchScript text of a tower with `linears` linear layers (parameters weight_0, bias_0, …): [B, inputs] ->
// logit [B].
std::string tower_source(int64_t linears);

// What the text of a model depends on beside its buffers.
struct ModelSource {
  Schema schema;
  int64_t known_keys = 0;  // K; exact mode
  int64_t dimension = 0;   // D
  bool shared_table = true;
};

// TorchScript text of a model: the methods of docs/exported-model.md, and `score_pooled` and `rank_pooled`
// beneath them, which take rows and effective weights that are known to be good. Expects submodules ctr_tower
// and cvr_tower, and buffers:
//   fields int64 [F], mean bool [F]; vocabulary int64 [K] in exact mode; table [V, D], or ctr_table and
//   cvr_table; user_fields, item_fields, user_columns, item_columns int64 where the model can rank.
std::string model_source(const ModelSource& model);

}  // namespace esmm::exporting
