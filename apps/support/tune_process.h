#pragma once

namespace esmm::apps {

// Settings of the process that training wants. First thing in main, since the libraries read them when they
// are loaded or first used.
//   OpenMP  LibTorch's threads wait for each other by spinning for milliseconds. Where another program (or a
//           loader's thread) wants the core, that makes a step several times slower, so we let them spin for
//           microseconds and then sleep: the program starts itself anew with GOMP_SPINCOUNT set, unless that
//           or OMP_WAIT_POLICY is.
//   malloc  A step frees the tensors that the next one allocates anew. Memory given back to the system in
//           between comes back page by page, which takes up to a third of a step: up to 1 GiB of freed memory
//           is kept.
void tune_process(char** argv);

}  // namespace esmm::apps
