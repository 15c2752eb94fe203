#include "esmm/model/shared_embedding.h"

#include <torch/autograd.h>

#include <optional>
#include <utility>

#include "esmm/core/error.h"

namespace esmm {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

class LookUp : public torch::autograd::Function<LookUp> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& table, const Tensor& rows,
                        const Tensor& offsets, const std::optional<Tensor>& given_weights, int64_t fields,
                        const c10::intrusive_ptr<GradientSlot>& slot) {
    const Tensor weights = given_weights.value_or(Tensor());
    context->save_for_backward({rows, offsets, weights});
    context->saved_data["fields"] = fields;
    context->saved_data["table_rows"] = table.size(0);
    context->saved_data["slot"] = c10::IValue::make_capsule(slot);
    return ops::bags_forward(table, rows, offsets, weights, fields);
  }

  static variable_list backward(AutogradContext* context, const variable_list& grads) {
    const variable_list saved = context->get_saved_variables();
    const auto slot =
        c10::static_intrusive_pointer_cast<GradientSlot>(context->saved_data["slot"].toCapsule());
    slot->overwritten = slot->gradient.has_value();
    slot->gradient =
        ops::bags_backward(grads[0], saved[0], saved[1], saved[2], context->saved_data["fields"].toInt(),
                           context->saved_data["table_rows"].toInt());
    return variable_list(6);  // undefined: what the table gets lies in the slot
  }
};

}  // namespace

SharedEmbeddingImpl::SharedEmbeddingImpl(const SharedEmbeddingOptions& options,
                                         std::optional<at::Generator> generator)
    : options_(options) {
  table_ = register_parameter("table", torch::empty({options.rows, options.dimension}));
  const torch::NoGradGuard no_grad;
  table_.normal_(0, options.std, std::move(generator));
}

Embedded SharedEmbeddingImpl::forward(const TensorBatch& batch) {
  std::optional<Tensor> weights;
  const ops::TableBags& bags = batch.bags;
  if (bags.weights.defined()) weights = bags.weights.to(table_.scalar_type());
  const Tensor looked_up = LookUp::apply(table_, bags.rows, bags.offsets, weights, bags.fields, slot_);
  const bool rounded = is_training() && table_.scalar_type() == torch::kFloat;
  return {.rows = rounded ? looked_up.to(training_type_) : looked_up};
}

ops::RowGradient SharedEmbeddingImpl::take_gradient() {
  const std::optional<ops::RowGradient> gradient = std::exchange(slot_->gradient, std::nullopt);
  if (!gradient) throw InternalError("the embedding has no gradient: run backward() first");
  if (std::exchange(slot_->overwritten, false)) {
    throw InternalError("the embedding's gradient was overwritten: take it after each backward()");
  }
  return *gradient;
}

}  // namespace esmm
