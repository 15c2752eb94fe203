#include "esmm/export/script_source.h"

#include "esmm/predict/field_group.h"

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
    return torch.reshape(pooled, [(offsets.size(0) - 1) // fields, fields * {D}])

def probabilities(self, ctr: Tensor, cvr: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    p_ctr = torch.sigmoid(ctr)
    p_cvr = torch.sigmoid(cvr)
    return p_ctr, p_cvr, p_ctr * p_cvr

def score_pooled(self, rows: Tensor, offsets: Tensor, weights: Optional[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    ctr = self.look_up(self.{ctr_table}, rows, offsets, weights, {F})
    cvr = {score_cvr}
    return self.probabilities(self.ctr_tower.forward(ctr), self.cvr_tower.forward(cvr))
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
        self.ctr_tower.forward_split(ctr_user, ctr_item, self.user_columns, self.item_columns),
        self.cvr_tower.forward_split(cvr_user, cvr_item, self.user_columns, self.item_columns))
)";

const char* find_rows_source(const ModelSource& model) {
  if (model.schema.mode == VocabularyMode::hashed) return kFindHashed;
  return model.known_keys > 0 ? kFindKnown : kFindNone;
}

}  // namespace

std::string tower_source(int64_t linears) {
  std::string text = kTower;
  for (int64_t layer = 1; layer < linears; ++layer) {
    text += fmt::format("    x = torch.linear(torch.relu(x), self.weight_{0}, self.bias_{0})\n", layer);
  }
  return text + "    return torch.squeeze(x, 1)\n";
}

std::string model_source(const ModelSource& model) {
  const int64_t user = predict::user_fields(model.schema).size(),
                item = predict::item_fields(model.schema).size();
  std::string text = kScore;
  text += find_rows_source(model);
  if (user > 0 && item > 0) text += kRank;

  // A shared table is looked up once.
  const auto second = [&](const char* first, const std::string& look_up) {
    return model.shared_table ? first : look_up;
  };
  using fmt::arg;
  return fmt::format(
      fmt::runtime(text), arg("F", model.schema.size()), arg("Fu", user), arg("Fi", item),
      arg("D", model.dimension), arg("K", model.known_keys),
      arg("mask", (int64_t{1} << model.schema.hash_bits) - 1),
      arg("ctr_table", model.shared_table ? "table" : "ctr_table"),
      arg("score_cvr", second("ctr", fmt::format("self.look_up(self.cvr_table, rows, offsets, weights, {})",
                                                 model.schema.size()))),
      arg("rank_cvr_user",
          second(
              "ctr_user",
              fmt::format("self.look_up(self.cvr_table, user_rows, user_offsets, user_weights, {})", user))),
      arg("rank_cvr_item",
          second(
              "ctr_item",
              fmt::format("self.look_up(self.cvr_table, item_rows, item_offsets, item_weights, {})", item))));
}

}  // namespace esmm::exporting
