#include "esmm/export/script_source.h"

#include "esmm/core/error.h"
#include "esmm/features/field_group.h"

#include <fmt/format.h>

namespace esmm::exporting {
namespace {

constexpr const char* kTower = R"(
def forward(self, x: Tensor) -> Tensor:
    return self.rest(torch.linear(x, self.weight_0, self.bias_0))

def forward_split(self, user: Tensor, item: Tensor, user_columns: Tensor, item_columns: Tensor) -> Tensor:
    from_user = torch.linear(user, torch.index_select(self.weight_0, 1, user_columns), self.bias_0)
    from_item = torch.linear(item, torch.index_select(self.weight_0, 1, item_columns))
    return self.rest(from_user + from_item)

def rest(self, x: Tensor) -> Tensor:
)";

constexpr const char* kScore = R"(
def forward(self, keys: Tensor, offsets: Tensor, weights: Optional[Tensor] = None) -> Tuple[Tensor, Tensor, Tensor]:
    return self.score_rows(self.rows_of(keys, offsets), offsets, weights)

def rows_of(self, keys: Tensor, offsets: Tensor) -> Tensor:
    self.check(keys, offsets, None, self.fields)
    return self.find_rows(keys, offsets, self.fields)

def score_rows(self, rows: Tensor, offsets: Tensor, weights: Optional[Tensor] = None) -> Tuple[Tensor, Tensor, Tensor]:
    self.check(rows, offsets, weights, self.fields)
    return self.score_pooled(rows, offsets, self.effective(offsets, weights, self.fields))

def check(self, ids: Tensor, offsets: Tensor, weights: Optional[Tensor], fields: Tensor) -> None:
    bags = offsets.size(0) - 1
    assert bags >= 0 and bags % fields.size(0) == 0, "offsets: expected a multiple of the fields, plus one"
    assert int(offsets[0]) == 0 and int(offsets[bags]) == ids.size(0), "offsets: expected 0 to the number of ids"
    assert not bool(torch.any(offsets[1:] < offsets[:-1])), "offsets: expected numbers that never fall"
    if weights is not None:
        assert weights.size(0) == ids.size(0), "weights: expected one per id"

def bag_of_ids(self, offsets: Tensor) -> Tensor:
    return torch.repeat_interleave(offsets[1:] - offsets[:-1])

def effective(self, offsets: Tensor, weights: Optional[Tensor], fields: Tensor) -> Tensor:
    bag = self.bag_of_ids(offsets)
    raw = torch.ones(bag.size(0), device=offsets.device)
    if weights is not None:
        raw = weights.float()
    sums = torch.zeros(offsets.size(0) - 1, device=offsets.device).index_add(0, bag, raw)
    is_mean = torch.index_select(self.mean, 0, torch.index_select(fields, 0, bag % fields.size(0)))
    divisor = torch.where(is_mean, torch.index_select(sums, 0, bag), torch.ones_like(raw))
    return torch.where(divisor == 0, torch.zeros_like(raw), raw / divisor)

def look_up(self, table: Tensor, rows: Tensor, offsets: Tensor, weights: Optional[Tensor], fields: int) -> Tensor:
    pooled = torch.embedding_bag(table, rows, offsets, False, 0, False, weights, True)[0]
    return torch.reshape(pooled, [(offsets.size(0) - 1) // fields, fields * table.size(1)])

def probabilities(self, ctr: Tensor, cvr: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    p_ctr = torch.sigmoid(ctr)
    p_cvr = {p_cvr}
{calibrate}    return p_ctr, p_cvr, p_ctr * p_cvr

def score_pooled(self, rows: Tensor, offsets: Tensor, weights: Optional[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    ctr = self.look_up(self.{ctr_table}, rows, offsets, weights, {F})
    cvr = {score_cvr}
    return self.probabilities(self.ctr_tower.forward(ctr){ctr_wide}, self.cvr_tower.forward(cvr){cvr_wide})
)";

constexpr const char* kOnLine = R"(
def on_line(self, p: Tensor, line: Tensor) -> Tensor:
    cut = torch.clamp(p.double(), {smallest}, {largest})
    return torch.sigmoid(line[0] * (torch.log(cut) - torch.log1p(-cut)) + line[1]).float()
)";

constexpr const char* kThroughPoints = R"(
def through_points(self, p: Tensor, x: Tensor, y: Tensor) -> Tensor:
    wide = p.double()
    k = torch.clamp(torch.searchsorted(x, wide, right=True) - 1, 0, x.size(0) - 2)
    x_0 = torch.index_select(x, 0, k)
    y_0 = torch.index_select(y, 0, k)
    slope = (torch.index_select(y, 0, k + 1) - y_0) / (torch.index_select(x, 0, k + 1) - x_0)
    return (y_0 + (wide - x_0) * slope).float()
)";

constexpr const char* kFindKnown = R"(
def find_rows(self, keys: Tensor, offsets: Tensor, fields: Tensor) -> Tensor:
    unknown = {K} + torch.index_select(fields, 0, self.bag_of_ids(offsets) % fields.size(0))
    place = torch.clamp(torch.searchsorted(self.vocabulary, keys), 0, {K} - 1)
    return torch.where(torch.index_select(self.vocabulary, 0, place) == keys, place, unknown)
)";

constexpr const char* kFindNone = R"(
def find_rows(self, keys: Tensor, offsets: Tensor, fields: Tensor) -> Tensor:
    return torch.index_select(fields, 0, self.bag_of_ids(offsets) % fields.size(0))
)";

constexpr const char* kFindHashed = R"(
def find_rows(self, keys: Tensor, offsets: Tensor, fields: Tensor) -> Tensor:
    return torch.bitwise_and(keys, {mask})
)";

constexpr const char* kRank = R"(
def rank(self, user_keys: Tensor, user_offsets: Tensor, user_weights: Optional[Tensor],
         item_keys: Tensor, item_offsets: Tensor, item_weights: Optional[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    assert user_offsets.size(0) == {Fu} + 1, "user_offsets: expected one more number than fields of the user"
    self.check(user_keys, user_offsets, user_weights, self.user_fields)
    self.check(item_keys, item_offsets, item_weights, self.item_fields)
    return self.rank_pooled(
        self.find_rows(user_keys, user_offsets, self.user_fields), user_offsets,
        self.effective(user_offsets, user_weights, self.user_fields),
        self.find_rows(item_keys, item_offsets, self.item_fields), item_offsets,
        self.effective(item_offsets, item_weights, self.item_fields))

def rank_pooled(self, user_rows: Tensor, user_offsets: Tensor, user_weights: Optional[Tensor],
                item_rows: Tensor, item_offsets: Tensor, item_weights: Optional[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    ctr_user = self.look_up(self.{ctr_table}, user_rows, user_offsets, user_weights, {Fu})
    ctr_item = self.look_up(self.{ctr_table}, item_rows, item_offsets, item_weights, {Fi})
    cvr_user = {rank_cvr_user}
    cvr_item = {rank_cvr_item}
    return self.probabilities(
        self.ctr_tower.forward_split(ctr_user, ctr_item, self.user_columns, self.item_columns){rank_ctr_wide},
        self.cvr_tower.forward_split(cvr_user, cvr_item, self.user_columns, self.item_columns){rank_cvr_wide})
)";

const char* find_rows_source(const ModelSource& model) {
  if (model.schema.mode == VocabularyMode::hashed) return kFindHashed;
  return model.known_keys > 0 ? kFindKnown : kFindNone;
}

// One line, {} is the layer's number; as in esmm/model/activation.h.
const char* activation_source(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return "    x = torch.relu(x)\n";
    case Activation::prelu:
      return "    x = torch.prelu(x, self.slope_{0})\n";
    case Activation::dice:
      return "    p = torch.sigmoid(x * self.scale_{0} + self.shift_{0})\n"
             "    x = x * (p + self.slope_{0} * (1 - p))\n";
  }
  throw InternalError("unknown activation");
}

const char* cvr_source(CvrHead head) {
  switch (head) {
    case CvrHead::cvr:
      return "torch.sigmoid(cvr)";
    case CvrHead::ctcvr:
      return "torch.exp(torch.clamp_max(torch.log_sigmoid(cvr) - torch.log_sigmoid(ctr), 0))";
  }
  throw InternalError("unknown head");
}

// A line that maps a head's probability (esmm/calibration/map.h).
std::string calibrate_source(const char* head, calibration::Map::Kind map) {
  switch (map) {
    case calibration::Map::Kind::none:
      return "";
    case calibration::Map::Kind::platt:
      return fmt::format("    p_{0} = self.on_line(p_{0}, self.{0}_line)\n", head);
    case calibration::Map::Kind::isotonic:
      return fmt::format("    p_{0} = self.through_points(p_{0}, self.{0}_points[0], self.{0}_points[1])\n",
                         head);
  }
  throw InternalError("unknown map");
}

}  // namespace

std::string tower_source(int64_t hidden, Activation activation) {
  std::string text = kTower;
  for (int64_t k = 0; k < hidden; ++k) {
    text += fmt::format(fmt::runtime(activation_source(activation)), k);
    text += fmt::format("    x = torch.linear(x, self.weight_{0}, self.bias_{0})\n", k + 1);
  }
  return text + "    return torch.squeeze(x, 1)\n";
}

std::string model_source(const ModelSource& model) {
  const int64_t fields = model.schema.size(), user = esmm::user_fields(model.schema).size(),
                item = esmm::item_fields(model.schema).size();
  std::string text = kScore;
  text += find_rows_source(model);
  if (user > 0 && item > 0) text += kRank;
  const auto has_map = [&](calibration::Map::Kind kind) {
    return model.ctr_map == kind || model.cvr_map == kind;
  };
  if (has_map(calibration::Map::Kind::platt)) text += kOnLine;
  if (has_map(calibration::Map::Kind::isotonic)) text += kThroughPoints;

  const auto look_up = [](const char* table, const char* part, int64_t of_fields) {
    return fmt::format("self.look_up(self.{0}, {1}rows, {1}offsets, {1}weights, {2})", table, part,
                       of_fields);
  };
  // A shared table is looked up once.
  const auto second = [&](const char* first, const char* part, int64_t of_fields) {
    return model.shared_table ? first : look_up("cvr_table", part, of_fields);
  };
  const auto linear = [&](const char* table, const char* part, int64_t of_fields) {
    return model.wide ? fmt::format(" + torch.sum({}, 1)", look_up(table, part, of_fields)) : "";
  };
  using fmt::arg;
  return fmt::format(
      fmt::runtime(text), arg("F", fields), arg("Fu", user), arg("Fi", item), arg("K", model.known_keys),
      arg("smallest", calibration::kSmallest), arg("largest", calibration::kLargest),
      arg("mask", (int64_t{1} << model.schema.hash_bits) - 1),
      arg("ctr_table", model.shared_table ? "table" : "ctr_table"), arg("p_cvr", cvr_source(model.cvr_head)),
      arg("calibrate", calibrate_source("ctr", model.ctr_map) + calibrate_source("cvr", model.cvr_map)),
      arg("score_cvr", second("ctr", "", fields)), arg("ctr_wide", linear("ctr_wide", "", fields)),
      arg("cvr_wide", linear("cvr_wide", "", fields)),
      arg("rank_cvr_user", second("ctr_user", "user_", user)),
      arg("rank_cvr_item", second("ctr_item", "item_", item)),
      arg("rank_ctr_wide", linear("ctr_wide", "user_", user) + linear("ctr_wide", "item_", item)),
      arg("rank_cvr_wide", linear("cvr_wide", "user_", user) + linear("cvr_wide", "item_", item)));
}

}  // namespace esmm::exporting
