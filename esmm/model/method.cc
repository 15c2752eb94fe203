#include "esmm/model/method.h"

#include <algorithm>

namespace esmm {

LossTerms Method::loss(const Outputs& outputs, const TensorBatch& batch) const {
  LossTerms weighted = terms(outputs, batch);
  for (auto& [name, term] : weighted) {
    const double factor = name == "ctr"     ? loss_weights_.ctr
                          : name == "cvr"   ? loss_weights_.cvr
                          : name == "ctcvr" ? loss_weights_.ctcvr
                                            : 1.0;
    if (factor != 1.0) term = term * factor;
  }
  return weighted;
}

Probabilities Method::probabilities(const Outputs& outputs) const {
  const torch::Tensor ctr = outputs.ctr.sigmoid();
  const torch::Tensor cvr =
      cvr_head_is() == CvrHead::cvr
          ? outputs.cvr.sigmoid()
          : (torch::log_sigmoid(outputs.cvr) - torch::log_sigmoid(outputs.ctr)).clamp_max(0).exp();
  return {ctr, cvr, ctr * cvr};
}

std::vector<SharedEmbedding> Method::tables() const {
  std::vector<SharedEmbedding> tables;
  for (const auto& module : modules(/*include_self=*/false)) {
    if (auto table = std::dynamic_pointer_cast<SharedEmbeddingImpl>(module))
      tables.emplace_back(std::move(table));
  }
  return tables;
}

void Method::set_precision(Precision precision) {
  std::vector<SharedEmbedding> all = tables();
  for (const auto& module : modules(/*include_self=*/false)) {
    const auto tower = std::dynamic_pointer_cast<TowerImpl>(module);  // its wide term is added up in float
    if (tower && tower->wide())
      std::erase_if(all, [&](const SharedEmbedding& table) { return table.ptr() == tower->wide().ptr(); });
  }
  for (SharedEmbedding& table : all)
    table->set_training_type(precision == Precision::bf16 ? torch::kBFloat16 : torch::kFloat);
}

std::vector<std::pair<std::string, torch::Tensor>> Method::tower_parameters() const {
  const std::vector<SharedEmbedding> all_tables = tables();
  std::vector<std::pair<std::string, torch::Tensor>> parameters;
  for (const auto& parameter : named_parameters()) {
    const bool is_table =
        std::any_of(all_tables.begin(), all_tables.end(),
                    [&](const SharedEmbedding& table) { return table->table().is_same(parameter.value()); });
    if (!is_table) parameters.emplace_back(parameter.key(), parameter.value());
  }
  return parameters;
}

}  // namespace esmm
