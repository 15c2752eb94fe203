#pragma once

#include <cstddef>

// What the system is told of memory-mapped files: advice, which changes no result.
namespace esmm::data {

// Begins to read the pages that hold these bytes, and returns.
void start_reading(const void* data, size_t bytes);

// Reads them and maps them, so that using them waits for nothing.
void finish_reading(const void* data, size_t bytes);

// Unmaps them: they leave the process's resident memory, and the page cache may keep them or not. They can be
// used again at any time.
void unmap(const void* data, size_t bytes);

}  // namespace esmm::data
