#pragma once

// ESMM_HOST_DEVICE marks a function that both the CPU's code and CUDA's kernels are made of. It is always
// inlined: files of either kind are compiled for vectors and machines of their own, and must not share a copy
// (row_kernels.h). ESMM_UNROLL(n), before a loop: the GPU's compiler does n rounds at once, so that what they
// read is asked for together.
#ifdef __CUDACC__
#define ESMM_HOST_DEVICE __host__ __device__ __forceinline__
#else
#define ESMM_HOST_DEVICE [[gnu::always_inline]] inline
#endif

#ifdef __CUDA_ARCH__
#define ESMM_PRAGMA(text) _Pragma(#text)
#define ESMM_UNROLL(n) ESMM_PRAGMA(unroll n)
#else
#define ESMM_UNROLL(n)
#endif
