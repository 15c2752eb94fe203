#pragma once

namespace esmm::apps {

// LibTorch's OpenMP threads wait for each other by spinning for milliseconds. Where another program (or the loader's
// thread) wants the core, that makes a step several times slower, so we let them spin for microseconds and then sleep.
// The library reads the setting when it is loaded: the program starts itself anew with GOMP_SPINCOUNT set, unless that
// or OMP_WAIT_POLICY is. First thing in main.
void spin_briefly(char** argv);

}  // namespace esmm::apps
