#pragma once

#include "esmm/calibration/map.h"
#include "esmm/features/schema.h"
#include "esmm/model/method.h"

#include <cstdint>
#include <string>

namespace esmm::exporting {

// TorchScript text of a tower with `hidden` hidden layers: [B, inputs] -> logit [B]. Parameters weight_k,
// bias_k of linear layer k; slope_k of its activation where it is prelu or dice; scale_k, shift_k where it is
// dice.
std::string tower_source(int64_t hidden, Activation activation);

// What the text of a model depends on beside its buffers.
struct ModelSource {
  Schema schema;
  int64_t known_keys = 0;  // K; exact mode
  bool shared_table = true;
  bool wide = false;
  CvrHead cvr_head = CvrHead::cvr;
  calibration::Map::Kind ctr_map = calibration::Map::Kind::none, cvr_map = calibration::Map::Kind::none;
};

// TorchScript text of a model: the methods of docs/exported-model.md, and `score_pooled` and `rank_pooled`
// beneath them, which take rows and effective weights that are known to be good. Expects submodules ctr_tower
// and cvr_tower, and buffers:
//   fields int64 [F], mean bool [F]; vocabulary int64 [K] in exact mode; table [V, D], or ctr_table and
//   cvr_table; ctr_wide and cvr_wide [V, 1] where it is wide; ctr_line and
//   cvr_line double [2] (slope, intercept) where the map is platt, ctr_points and cvr_points double [2,
//   points] where it is isotonic; user_fields, item_fields, user_columns, item_columns int64 where the model
//   can rank.
std::string model_source(const ModelSource& model);

}  // namespace esmm::exporting
