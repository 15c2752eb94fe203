#include "esmm/ops/cpu/row_kernels_impl.h"

namespace esmm::ops {

template <>
const RowKernels<float> RowKernelSets<float>::avx2 = row_kernels_here<float>;
template <>
const RowKernels<double> RowKernelSets<double>::avx2 = row_kernels_here<double>;
template <>
const RowKernels<Bfloat16> RowKernelSets<Bfloat16>::avx2 = row_kernels_here<Bfloat16>;

}  // namespace esmm::ops
