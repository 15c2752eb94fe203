#include "esmm/ops/matrix_product.h"

#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>
#include <string_view>

#include "esmm/ops/cpu/cpu_capabilities.h"

namespace esmm::ops {
namespace {

using torch::Tensor;

// oneDNN's product as LibTorch registers it.
class OneDnn {
 public:
  static const std::optional<OneDnn>& instance() {
    static const std::optional<OneDnn> found = find();
    return found;
  }

  Tensor operator()(const Tensor& a, const Tensor& weight, const std::optional<Tensor>& bias,
                    After after) const {
    const c10::List<std::optional<at::Scalar>> no_scalars;
    return product_.call(a, weight, bias, after == After::relu ? "relu" : "none", no_scalars, "");
  }

  // Whether this processor is one on which oneDNN multiplies bfloat16; on others it refuses.
  bool has_bfloat16() const { return has_bfloat16_; }

 private:
  using Signature = Tensor(const Tensor&, const Tensor&, const std::optional<Tensor>&, std::string_view,
                           c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

  OneDnn(const c10::TypedOperatorHandle<Signature>& product, bool has_bfloat16)
      : product_(product), has_bfloat16_(has_bfloat16) {}

  static std::optional<OneDnn> find() {
    c10::Dispatcher& operators = c10::Dispatcher::singleton();
    const auto product = operators.findSchema({"mkldnn::_linear_pointwise", ""});
    if (!product || !at::hasMKLDNN()) return std::nullopt;
    const auto has_bfloat16 = operators.findSchema({"mkldnn::_is_mkldnn_bf16_supported", ""});
    return OneDnn(product->typed<Signature>(), has_bfloat16 && has_bfloat16->typed<bool()>().call());
  }

  c10::TypedOperatorHandle<Signature> product_;
  bool has_bfloat16_;
};

bool by_intel() {
#ifdef __x86_64__
  return __builtin_cpu_is("intel");
#else
  return false;
#endif
}

// Whether LibTorch's own product of floats, MKL's, is faster than oneDNN's: by a fifth on Intel's processors,
// by a twentieth on AMD's without AVX-512. On AMD's with it, MKL does not use it, and takes twice as long.
bool mkl_is_faster() {
  static const bool faster = at::hasMKL() && (by_intel() || !cpu_capabilities().contains("avx512_f"));
  return faster;
}

bool by_onednn(const Tensor& a) {
  const std::optional<OneDnn>& onednn = OneDnn::instance();
  if (!onednn || !a.is_cpu()) return false;
  const auto type = a.scalar_type();
  return (type == torch::kFloat && !mkl_is_faster()) || (type == torch::kBFloat16 && onednn->has_bfloat16());
}

Tensor dense(const Tensor& a) { return a.is_non_overlapping_and_dense() ? a : a.contiguous(); }

bool is_cpu_bfloat16(const Tensor& a) { return a.is_cpu() && a.scalar_type() == torch::kBFloat16; }

}  // namespace

bool bfloat16_is_faster(const std::set<std::string>& capabilities, bool intel) {
  const auto has = [&](const char* name) { return capabilities.contains(name); };
  return has("amx_bf16") || (has("avx512_bf16") && !intel) || has("bf16");  // the last is Arm's
}

bool bfloat16_is_faster() {
  static const bool faster = bfloat16_is_faster(cpu_capabilities(), by_intel());
  return faster;
}

bool products_take_columns(const Tensor& x) {
  return !by_onednn(x) || (is_cpu_bfloat16(x) && !bfloat16_is_faster());
}

Tensor product(const Tensor& a, const Tensor& weight, const Tensor& bias, After after, bool as_floats) {
  if (as_floats && is_cpu_bfloat16(a)) {
    const Tensor added = bias.defined() ? bias.to(torch::kFloat) : bias;
    return product(a.to(torch::kFloat), weight.to(torch::kFloat), added, after).to(torch::kBFloat16);
  }
  const std::optional<Tensor> added = bias.defined() ? std::optional(bias) : std::nullopt;
  if (by_onednn(a) && a.numel() > 0 && weight.numel() > 0)
    return (*OneDnn::instance())(dense(a), dense(weight), added, after);
  Tensor y = torch::linear(a, weight, added);
  return after == After::relu ? y.relu_() : y;
}

Tensor transposed_product(const Tensor& a, const Tensor& b, bool as_floats) {
  if (as_floats && is_cpu_bfloat16(a))
    return transposed_product(a.to(torch::kFloat), b.to(torch::kFloat)).to(torch::kBFloat16);
  // LibTorch's own product is oneDNN's for bfloat16, and reads transposed matrices where they lie.
  return a.scalar_type() == torch::kBFloat16 ? torch::mm(a.t(), b) : product(a.t(), b.t());
}

}  // namespace esmm::ops
