#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

// LibTorch's OpenMP library is not instrumented: the thread sanitizer does not see that a parallel region's
// threads begin after what its caller did before, and that the caller goes on after them. Said here, so that
// what our loops share in other ways is still found. Part of each program of the preset tsan, in front of the
// library's function.
namespace {

using Body = void (*)(void*);

struct Region {
  Body body;
  void* data;
  char begin = 0,
       end = 0;  // their addresses: two, or a thread that is late would come after one that is done
};

void run(void* place) {
  auto* region = static_cast<Region*>(place);
  __tsan_acquire(&region->begin);
  region->body(region->data);
  __tsan_release(&region->end);
}

}  // namespace

extern "C" void GOMP_parallel(Body body, void* data, unsigned threads, unsigned flags) {
  static const auto original =
      reinterpret_cast<decltype(&GOMP_parallel)>(::dlsym(RTLD_NEXT, "GOMP_parallel"));
  Region region{body, data};
  __tsan_release(&region.begin);
  original(run, &region, threads, flags);
  __tsan_acquire(&region.end);
}
