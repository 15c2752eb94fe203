#include <ATen/ops/segment_reduce.h>

#include <cmath>
#include <tuple>

#include "esmm/core/error.h"
#include "esmm/ops/kernels.h"
#include "esmm/ops/stochastic_rounding.h"

// The same functions from LibTorch's own operators, for devices that have no kernels of ours. The order of
// summation is fixed by a stable sort.
namespace esmm::ops::any_device {
namespace {

using torch::Tensor;

Tensor bag_of_ids(const Tensor& offsets, int64_t ids) {
  const Tensor lengths = offsets.slice(0, 1) - offsets.slice(0, 0, -1);
  return torch::repeat_interleave(torch::arange(lengths.numel(), offsets.options()), lengths, 0, ids);
}

// values [N, D], in segments of the given lengths.
Tensor sum_segments(const Tensor& values, const Tensor& lengths) {
  if (values.size(0) == 0) return torch::zeros({lengths.numel(), values.size(1)}, values.options());
  return at::segment_reduce(values, "sum", lengths, {}, {}, 0, /*unsafe=*/true);
}

Tensor weighted(const Tensor& values, const Tensor& weights) {
  return weights.defined() ? values * weights.unsqueeze(1) : values;
}

struct TouchedRows {
  Tensor rows;    // int64 [U], rising
  Tensor values;  // [U, D], the gradient of each
  Tensor counts;  // int64 [U], how many ids named it, once for each impression
  Tensor scales;  // [U], of squares
};

// What each id is looked up for.
struct SharedIds {
  Tensor impressions;  // int64 [N]
  Tensor scale;        // [N]
};

SharedIds shared_ids(const BagGradient& part, const Tensor& bag_of_id, torch::ScalarType type) {
  if (!part.shared)
    return {torch::ones_like(bag_of_id), torch::ones(bag_of_id.sizes(), bag_of_id.options().dtype(type))};
  const Tensor b = bag_of_id.floor_divide(part.bags.fields);
  return {part.shared->impressions.index_select(0, b).to(torch::kLong),
          part.shared->scale.index_select(0, b)};
}

// type: that of sums.
TouchedRows touched_rows(const TableGradient& parts, int64_t D, torch::ScalarType type) {
  std::vector<Tensor> rows, values, impressions, scales;
  for (const BagGradient& part : parts) {
    const TableBags& bags = part.bags;
    const Tensor bag_of_id = bag_of_ids(bags.offsets, bags.rows.numel());
    rows.push_back(bags.rows);
    values.push_back(weighted(part.grad_out.view({-1, D}).index_select(0, bag_of_id).to(type), bags.weights));
    const SharedIds shared = shared_ids(part, bag_of_id, type);
    impressions.push_back(shared.impressions);
    scales.push_back(shared.scale);
  }
  const auto [sorted, order] = torch::cat(rows).sort(/*stable=*/true, 0, /*descending=*/false);
  const auto [unique, place, counts] = torch::unique_consecutive(sorted, /*return_inverse=*/true, true, 0);
  const Tensor scale = torch::cat(scales).index_select(0, order),
               one = torch::ones_like(unique, scale.options());
  const Tensor least = one.scatter_reduce(0, place, scale, "amin", /*include_self=*/false),
               most = one.scatter_reduce(0, place, scale, "amax", /*include_self=*/false);
  return {.rows = unique.to(torch::kLong),
          .values = sum_segments(torch::cat(values).index_select(0, order), counts),
          .counts =
              torch::zeros_like(counts).index_add_(0, place, torch::cat(impressions).index_select(0, order)),
          .scales = torch::where(least == most, least, one)};
}

// As stochastic_rounding.h says. Its 32-bit arithmetic in 64-bit tensors.
Tensor low_half(const Tensor& x) { return x.bitwise_and(0xFFFFFFFF); }
Tensor shifted_in(const Tensor& x, int64_t shift) { return x.bitwise_xor(x.bitwise_right_shift(shift)); }

Tensor times_low_half(const Tensor& x, int64_t factor) {
  // In halves of the factor, so that no product is above 2^63.
  return low_half(x * (factor & 0xFFFF) + low_half(x * (factor >> 16)).bitwise_left_shift(16));
}

Tensor round_stochastically(const Tensor& values, const Tensor& rows, const UpdateOptions& options) {
  const Tensor host_rows = rows.cpu();
  Tensor keys = torch::empty_like(host_rows);
  const uint64_t step_key = rounding_key_of_step(options.seed, options.step);
  for (int64_t k = 0; k < keys.numel(); ++k) {
    keys.mutable_data_ptr<int64_t>()[k] =
        rounding_key_of_row(step_key, host_rows.const_data_ptr<int64_t>()[k]);
  }
  const Tensor columns = torch::arange(values.size(1), rows.options());
  Tensor h = low_half(keys.to(rows.device()).unsqueeze(1) + times_low_half(columns, 0x9E3779B9));
  h = times_low_half(shifted_in(h, 16), 0x85EBCA6B);
  h = times_low_half(shifted_in(h, 13), 0xC2B2AE35);
  const Tensor random = shifted_in(h, 16).bitwise_and(0xFFFF);
  const Tensor bits = low_half(values.contiguous().view(torch::kInt).to(torch::kLong));
  const Tensor rounded = torch::where(values.isnan(), bits.bitwise_or(0x00400000), bits + random)
                             .bitwise_right_shift(16)
                             .bitwise_and(0xFFFF);
  // An int16 has the same bits: 0x8000 and above wrap around.
  return torch::where(rounded >= 0x8000, rounded - 0x10000, rounded).to(torch::kShort).view(torch::kBFloat16);
}

}  // namespace

Tensor bags_forward(const Tensor& table, const TableBags& bags, torch::ScalarType type) {
  const int64_t count = bags.offsets.numel() - 1;
  const Tensor values = table.index_select(0, bags.rows).to(sum_type(table.scalar_type()));
  const Tensor lengths = bags.offsets.slice(0, 1) - bags.offsets.slice(0, 0, -1);
  return sum_segments(weighted(values, bags.weights), lengths)
      .view({count / bags.fields, bags.fields * table.size(1)})
      .to(type);
}

void update_table(UpdateRule rule, Tensor& table, const TableState& state, const TableGradient& parts,
                  const UpdateOptions& o) {
  const torch::NoGradGuard no_grad;
  const TouchedRows touched = touched_rows(parts, table.size(1), sum_type(table.scalar_type()));
  const Tensor& rows = touched.rows;
  const Tensor old = table.index_select(0, rows).to(touched.values.scalar_type());
  Tensor g = touched.values;
  if (o.l2 != 0) g = g + touched.counts.unsqueeze(1) * (o.l2 / static_cast<double>(o.batch_size)) * old;
  const Tensor scaled = touched.scales.unsqueeze(1) * g;

  const auto put = [&](const Tensor& at, const Tensor& values) {
    table.index_copy_(0, at,
                      table.scalar_type() == torch::kBFloat16 ? round_stochastically(values, at, o) : values);
  };
  // A state's touched rows after state[r] = decay * state[r] + added.
  const auto moved = [&](size_t k, double decay, const Tensor& added) {
    const Tensor next = state[k].second.index_select(0, rows) * decay + added;
    state[k].second.index_copy_(0, rows, next);
    return next;
  };
  switch (rule) {
    case UpdateRule::sgd:
      return put(rows, old - o.learning_rate * g);
    case UpdateRule::adagrad:
      return put(rows, old - o.learning_rate * g / (moved(0, 1, scaled.square()).sqrt() + o.epsilon));
    case UpdateRule::rowwise_adagrad: {
      const Tensor sums = moved(0, 1, scaled.square().mean(1)).unsqueeze(1);
      return put(rows, old - o.learning_rate / (sums.sqrt() + o.epsilon) * g);
    }
    case UpdateRule::lazy_adam: {
      const Tensor m = moved(0, o.beta1, (1 - o.beta1) * g),
                   v = moved(1, o.beta2, (1 - o.beta2) * scaled.square());
      const Tensor decay = torch::tensor({o.beta1, o.beta2}, g.options());
      const Tensor norms = state[2].second.index_select(0, rows) * decay + (1 - decay);
      state[2].second.index_copy_(0, rows, norms);
      const Tensor mean = m / norms.slice(1, 0, 1), square = v / norms.slice(1, 1, 2);
      return put(rows, old - o.learning_rate * mean / (square.sqrt() + o.epsilon));
    }
    case UpdateRule::adam: {
      Tensor m = state[0].second, v = state[1].second;
      m.mul_(o.beta1).index_add_(0, rows, g, 1 - o.beta1);
      v.mul_(o.beta2).index_add_(0, rows, scaled.square(), 1 - o.beta2);
      const auto t = static_cast<double>(o.step);
      const Tensor square = v / (1 - std::pow(o.beta2, t));
      const double step = o.learning_rate / (1 - std::pow(o.beta1, t));
      const Tensor all = torch::arange(table.size(0), rows.options());
      return put(all, table.to(m.scalar_type()) - step * m / (square.sqrt() + o.epsilon));
    }
  }
  throw InternalError("unknown update rule");
}

}  // namespace esmm::ops::any_device
