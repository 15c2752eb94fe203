#pragma once

#include <c10/core/Storage.h>
#include <torch/types.h>

#include <functional>
#include <memory>

#include "esmm/ops/cuda/cuda_library.h"

// What is put on a stream of the pretended GPU is done at once, so that streams need not wait for each other;
// but where the calling thread's stream is being captured it is kept, to be done by each replay.
namespace esmm::test::pretended_gpu {

using Work = std::function<void()>;

bool capturing();  // the calling thread's current stream

// Does the work, or keeps it. It holds no memory of the GPU: what comes from before a capture is not kept
// alive for replays.
void put(Work work);

// Memory that a capture takes, kept alive for its replays.
void keep_for_replays(const c10::Storage& storage);

// Throws c10::Error where the calling thread's stream is being captured: the host cannot wait for it.
void require_not_capturing(const char* what);

std::unique_ptr<ops::Graph> capture(const torch::Device& device, const std::function<void()>& body);

}  // namespace esmm::test::pretended_gpu
