#include "esmm/model/shared_embedding.h"

#include <torch/autograd.h>

#include <optional>
#include <utility>
#include <vector>

#include "esmm/core/error.h"
#include "esmm/ops/check_bags.h"
#include "esmm/ops/cpu/huge_pages.h"
#include "esmm/ops/shared_bags.h"

namespace esmm {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Numbers are drawn as float whatever the table's type; a large table of another has no copy in float.
constexpr int64_t kRowsDrawnAtOnce = 1 << 14;

// What backward needs of a look-up.
struct LookedUp : torch::CustomClassHolder {
  LookedUp(std::vector<ops::TableBags> bags, std::optional<Tensor> of_users,
           c10::intrusive_ptr<GradientSlot> to)
      : parts(std::move(bags)), of(std::move(of_users)), slot(std::move(to)) {}
  std::vector<ops::TableBags> parts;
  std::optional<Tensor> of;  // where the second part is of users apart
  c10::intrusive_ptr<GradientSlot> slot;
};

// Looks up all parts; where the second is of users apart, there is a third output: their lengths.
class LookUp : public torch::autograd::Function<LookUp> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& table,
                               std::vector<ops::TableBags> parts, const std::optional<Tensor>& of,
                               std::optional<torch::ScalarType> type,
                               const c10::intrusive_ptr<GradientSlot>& slot) {
    variable_list outputs;
    for (ops::TableBags& bags : parts) {
      bags = ops::checked_bags(bags, table);
      outputs.push_back(ops::bags_forward(table, bags, type));
    }
    if (of) {
      outputs.push_back(
          torch::zeros({outputs[1].size(0), 2}, table.options().dtype(ops::sum_type(table.scalar_type()))));
    }
    context->saved_data["looked_up"] =
        c10::IValue::make_capsule(c10::make_intrusive<LookedUp>(std::move(parts), of, slot));
    return outputs;
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const auto looked_up =
        c10::static_intrusive_pointer_cast<LookedUp>(context->saved_data["looked_up"].toCapsule());
    ops::TableGradient gradient;
    for (size_t k = 0; k < looked_up->parts.size(); ++k)
      gradient.push_back({.bags = looked_up->parts[k], .grad_out = grads[k]});
    if (looked_up->of) gradient[1].shared = ops::shared_bags(*looked_up->of, grads[2].contiguous());
    GradientSlot& slot = *looked_up->slot;
    slot.overwritten = slot.gradient.has_value();
    slot.gradient = std::move(gradient);
    return variable_list(5);  // undefined: what the table gets lies in the slot
  }
};

}  // namespace

SharedEmbeddingImpl::SharedEmbeddingImpl(const SharedEmbeddingOptions& options,
                                         const std::optional<at::Generator>& generator)
    : options_(options) {
  const torch::Tensor table = ops::empty_in_huge_pages({options.rows, options.dimension}, options.type);
  for (const torch::Tensor& part : table.split(kRowsDrawnAtOnce))
    part.copy_(torch::empty(part.sizes(), torch::kFloat).normal_(0, options.std, generator));
  table_ = register_parameter("table", table);
}

Embedded SharedEmbeddingImpl::forward(const TensorBatch& batch) {
  std::vector<ops::TableBags> parts{batch.bags};
  if (batch.users) parts.push_back(batch.users->bags);
  std::optional<torch::ScalarType> type;
  if (is_training() && table_.scalar_type() != torch::kDouble) type = training_type_;
  const auto of = batch.users ? std::optional(batch.users->of) : std::nullopt;
  const variable_list x = LookUp::apply(table_, parts, of, type, slot_);
  if (!batch.users) return {.rows = x[0]};
  return {.rows = x[0], .users = x[1], .of = batch.users->of, .lengths = x[2]};
}

ops::TableGradient SharedEmbeddingImpl::take_gradient() {
  std::optional<ops::TableGradient> gradient = std::exchange(slot_->gradient, std::nullopt);
  if (!gradient) throw InternalError("the embedding has no gradient: run backward() first");
  if (std::exchange(slot_->overwritten, false)) {
    throw InternalError("the embedding's gradient was overwritten: take it after each backward()");
  }
  return *std::move(gradient);
}

}  // namespace esmm
