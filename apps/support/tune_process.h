#pragma once

namespace esmm::apps {

// Settings of the process that training wants. First thing in main, since the libraries read them when they
// are loaded or first used.
//   OpenMP  LibTorch's threads wait for each other by spinning for milliseconds. Where another program (or a
//           loader's thread) wants the core, that makes a step several times slower; where they sleep at
//           once, a step has them woken two dozen times, which takes a tenth of it. So we let them spin for
//           80 microseconds: the program starts itself anew with GOMP_SPINCOUNT set, unless that or
//           OMP_WAIT_POLICY is.
//   malloc  A step frees the tensors that the next one allocates anew. Memory given back to the system in
//           between comes back page by page, which takes up to a third of a step: up to 1 GiB of freed memory
//           is kept.
void tune_process(char** argv);

}  // namespace esmm::apps
