#include <ATen/EmptyTensor.h>
#include <ATen/MemoryOverlap.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/view_native.h>
#include <torch/library.h>

#include <optional>
#include <utility>
#include <vector>

#include "tests/pretended_gpu/memory.h"
#include "tests/pretended_gpu/streams.h"

// LibTorch's operators on the pretended GPU's tensors: those of the CPU, on the same bytes. All tensors of an
// operator must lie there, but for single numbers: here with any operator, on a GPU with those that go
// element by element.
namespace esmm::test::pretended_gpu {
namespace {

using c10::IValue;
using torch::Tensor;

Tensor empty(c10::IntArrayRef size, std::optional<c10::ScalarType> type, std::optional<c10::Layout>,
             std::optional<c10::Device>, std::optional<bool>, std::optional<c10::MemoryFormat> format) {
  const Tensor made = at::detail::empty_generic(
      size, &allocator(), c10::DispatchKeySet(c10::DispatchKey::CUDA), c10::dtype_or_default(type), format);
  keep_for_replays(made.storage());
  return made;
}

Tensor empty_strided(c10::IntArrayRef size, c10::IntArrayRef stride, std::optional<c10::ScalarType> type,
                     std::optional<c10::Layout>, std::optional<c10::Device>, std::optional<bool>) {
  const Tensor made = at::detail::empty_strided_generic(
      size, stride, &allocator(), c10::DispatchKeySet(c10::DispatchKey::CUDA), c10::dtype_or_default(type));
  keep_for_replays(made.storage());
  return made;
}

// What the host has is read when the copy is done: nobody may change it until then.
Tensor& copy(Tensor& to, const Tensor& from, bool non_blocking) {
  at::assert_no_overlap(to, from);  // which the tensors of the host do not know
  if (to.is_cpu()) {
    wait_for_stream("to copy to the host");
    to.copy_(on_host(from));
  } else if (from.is_cpu()) {
    refuse_in_capture("to copy from the host");
    put([there = on_host(to), from] { Tensor(there).copy_(from); }, {to});
    if (!non_blocking) wait_for_stream("to copy from the host");
  } else {
    put([there = on_host(to), here = on_host(from)] { Tensor(there).copy_(here); }, {to, from});
  }
  return to;
}

c10::Scalar number(const Tensor& tensor) {
  wait_for_stream("to read a number");
  return on_host(tensor).item();
}

void record_stream(Tensor&, c10::Stream) {}

// tensor: one that has no memory yet.
const Tensor& give_size(const Tensor& tensor, c10::IntArrayRef size, std::optional<c10::MemoryFormat> = {}) {
  TORCH_CHECK(tensor.storage().nbytes() == 0, "pretended GPU: a tensor with memory gets another size");
  const size_t bytes = at::detail::computeStorageNbytesContiguous(size, tensor.element_size());
  c10::StorageImpl& storage = *tensor.storage().unsafeGetStorageImpl();
  storage.set_data_ptr_noswap(allocator().allocate(bytes));
  storage.set_nbytes(bytes);
  tensor.unsafeGetTensorImpl()->set_sizes_contiguous(size);
  keep_for_replays(tensor.storage());
  return tensor;
}

// f of each tensor in a value; the value where there is none.
template <class F>
IValue with_tensors(const IValue& value, const F& f) {
  if (value.isTensor()) return value.toTensor().defined() ? IValue(f(value.toTensor())) : value;
  if (value.isTensorList()) {
    c10::List<Tensor> list;
    for (const Tensor& tensor : value.toTensorVector()) list.push_back(f(tensor));
    return list;
  }
  if (value.isOptionalTensorList()) {
    c10::List<std::optional<Tensor>> list;
    for (const std::optional<Tensor>& tensor : value.toOptionalTensorVector())
      list.push_back(tensor && tensor->defined() ? std::optional(f(*tensor)) : std::nullopt);
    return list;
  }
  return value;
}

using Values = std::vector<IValue>;

template <class F>
Values with_tensors(const Values& values, const F& f) {
  Values changed;
  for (const IValue& value : values) changed.push_back(with_tensors(value, f));
  return changed;
}

bool is_written(const c10::Argument& argument) {
  return argument.alias_info() != nullptr && argument.alias_info()->isWrite();
}

// A number in the code, as in 2 * x: nobody can change it, and types of results depend on what it is.
bool is_constant(const Tensor& tensor) { return tensor.unsafeGetTensorImpl()->is_wrapped_number(); }

// The arguments for the CPU's operator. Numbers of the host are what they are now, also for a replay.
Values on_cpu(const c10::FunctionSchema& schema, const Values& arguments) {
  Values here;
  for (size_t i = 0; i < arguments.size(); ++i) {
    here.push_back(with_tensors(arguments[i], [&](const Tensor& tensor) {
      const bool number_of_host = tensor.is_cpu() && tensor.dim() == 0 && !is_written(schema.arguments()[i]);
      TORCH_CHECK(tensor.device() == kGpu || number_of_host,
                  "pretended GPU: expected all tensors on one device, got one of ", tensor.sizes(), " on ",
                  tensor.device(), " in ", schema);
      if (!number_of_host) return on_host(tensor);
      return capturing() && !is_constant(tensor) ? tensor.clone() : tensor;
    }));
  }
  return here;
}

Values call(const c10::OperatorHandle& op, const Values& here) {
  Values stack;
  for (const IValue& value : here)
    stack.push_back(value.isDevice() ? IValue(torch::Device(torch::kCPU)) : value);
  op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), &stack);
  return stack;
}

// Which argument a return is, where the operator writes to it.
std::optional<size_t> written_argument(const c10::FunctionSchema& schema, size_t result) {
  const c10::AliasInfo* const info = schema.returns()[result].alias_info();
  if (info == nullptr) return std::nullopt;
  TORCH_CHECK(info->isWrite(), "pretended GPU: a view, which has no kernel here: ", schema);
  for (size_t i = 0; i < schema.arguments().size(); ++i) {
    const c10::AliasInfo* const other = schema.arguments()[i].alias_info();
    if (other != nullptr && other->beforeSets() == info->beforeSets()) return i;
  }
  TORCH_CHECK(false, "pretended GPU: no argument for a return of ", schema);
}

Tensor room_for(const Tensor& result) {
  return torch::empty_strided(result.sizes(), result.strides(), result.options().device(kGpu));
}

void copy_results(const Values& from, const Values& to) {
  for (size_t i = 0; i < from.size(); ++i) {
    if (to[i].isTensorList()) {
      for (size_t k = 0; k < to[i].toListRef().size(); ++k)
        to[i].toTensorVector()[k].copy_(from[i].toTensorVector()[k]);
    } else if (to[i].isTensor() && to[i].toTensor().defined()) {
      to[i].toTensor().copy_(from[i].toTensor());
    }
  }
}

std::vector<Tensor> tensors_of(const Values& values) {
  std::vector<Tensor> all;
  for (const IValue& value : values) {
    with_tensors(value, [&](const Tensor& tensor) { return all.emplace_back(tensor); });
  }
  return all;
}

// Any operator that is not named below. Where it is done later, nothing is computed now but, on zeros, what
// sizes the results have.
void run_on_cpu(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  const c10::FunctionSchema& schema = op.schema();
  const Values arguments = torch::jit::pop(*stack, schema.arguments().size());
  const Values here = on_cpu(schema, arguments);
  const bool of_values =
      op.hasTag(at::Tag::dynamic_output_shape) || op.hasTag(at::Tag::data_dependent_output);
  if (of_values) wait_for_stream("to see what a result is, or how large");
  const bool wait = later() && !of_values;
  const Values results = call(
      op, wait ? with_tensors(here, [](const Tensor& tensor) { return torch::zeros_like(tensor); }) : here);
  Values outputs, made;  // made: where results are copied; none where their own memory was written to
  for (size_t i = 0; i < results.size(); ++i) {
    const auto argument = written_argument(schema, i);
    outputs.push_back(argument ? arguments[*argument] : with_tensors(results[i], room_for));
    const bool resized =
        argument && outputs[i].isTensor() && outputs[i].toTensor().sizes() != results[i].toTensor().sizes();
    if (resized) give_size(outputs[i].toTensor(), results[i].toTensor().sizes());
    made.push_back(argument && !resized ? IValue() : with_tensors(outputs[i], on_host));
  }
  if (wait) {
    std::vector<Tensor> used = tensors_of(arguments);
    for (const Tensor& tensor : tensors_of(outputs)) used.push_back(tensor);
    put([op, here, made] { copy_results(call(op, here), made); }, std::move(used));
  } else {
    copy_results(results, made);
  }
  for (IValue& output : outputs) torch::jit::push(*stack, std::move(output));
}

TORCH_LIBRARY_IMPL(aten, CUDA, m) {
  m.impl("empty.memory_format", &empty);
  m.impl("empty_strided", &empty_strided);
  m.impl("as_strided", &at::native::as_strided_tensorimpl);
  m.impl("view", &at::native::view);
  m.impl("_reshape_alias", &at::native::_reshape_alias);
  m.impl("copy_", &copy);
  m.impl("_local_scalar_dense", &number);
  m.impl("record_stream", &record_stream);
  m.impl("resize_", &give_size);
}

TORCH_LIBRARY_IMPL(_, CUDA, m) { m.fallback(torch::CppFunction::makeFromBoxedFunction<&run_on_cpu>()); }

}  // namespace
}  // namespace esmm::test::pretended_gpu
