#pragma once

#include <c10/core/Storage.h>
#include <torch/types.h>

#include <functional>
#include <memory>
#include <vector>

#include "esmm/ops/cuda/cuda_library.h"

// What is put on the pretended GPU's default stream is done at once. What is put on another is done as late
// as may be: when somebody waits for it. And where the calling thread's stream is being captured it is kept,
// to be done by each replay.
namespace esmm::test::pretended_gpu {

using Work = std::function<void()>;

bool capturing();  // the calling thread's current stream
bool later();      // whether what the calling thread puts on its current stream is done later

// tensors: of the GPU, that the work uses; they live until it is done. A replay keeps nothing alive that
// comes from before its capture.
void put(Work work, std::vector<torch::Tensor> tensors);

// Memory that a capture takes, kept alive for its replays.
void keep_for_replays(const c10::Storage& storage);

// Throws c10::Error where the calling thread's current stream is being captured.
void refuse_in_capture(const char* what);

// The host waits for all that is on the calling thread's current stream, to do what `what` says. Throws where
// that is being captured.
void wait_for_stream(const char* what);

std::unique_ptr<ops::Graph> capture(const c10::Stream& stream, const std::function<void()>& body);

}  // namespace esmm::test::pretended_gpu
