#include "esmm/ops/cuda/graphs_cuda.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <exception>

namespace esmm::ops::cuda {
namespace {

class CapturedGraph : public Graph {
 public:
  void replay() override { graph_.replay(); }

  void capture(const std::function<void()>& body) {
    // Of this thread's calls alone: others feed the next batches meanwhile.
    graph_.capture_begin(/*pool=*/{0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
      body();
    } catch (...) {
      const std::exception_ptr why = std::current_exception();
      try {
        graph_.capture_end();
      } catch (const std::exception&) {  // it says no more than why
      }
      std::rethrow_exception(why);
    }
    graph_.capture_end();
  }

 private:
  at::cuda::CUDAGraph graph_;
};

}  // namespace

std::unique_ptr<Graph> capture(const c10::Stream& stream, const std::function<void()>& body) {
  const c10::cuda::CUDAGuard guard(stream.device());
  c10::cuda::device_synchronize();
  // A graph has memory of its own, and while it is captured nothing that is kept for later is given back.
  c10::cuda::CUDACachingAllocator::emptyCache();
  const c10::cuda::CUDAStreamGuard on_stream(stream);
  auto graph = std::make_unique<CapturedGraph>();
  graph->capture(body);
  return graph;
}

}  // namespace esmm::ops::cuda
