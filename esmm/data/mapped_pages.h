#pragma once

#include <cstddef>
#include <cstdint>

// What the system is told of memory-mapped files: advice, which changes no result.
namespace esmm::data {

// Lets the system read and map the file in its largest pages: a tenth of its work for a byte, and fewer
// misses of those who read here and there. Reads what lies around as well, up to 2 MiB, so only where
// what is mapped fits into memory. data: where the mapping begins.
void use_large_pages(const void* data, size_t bytes);

// Whether so many bytes of files are no more than half of the memory that the machine, or the process's
// control group, has.
bool fits_into_memory(uint64_t bytes);

// Begins to read the pages that hold these bytes, and returns.
void start_reading(const void* data, size_t bytes);

// Reads them and maps them, so that using them waits for nothing; before Linux 5.14 they are only begun to be
// read. They stay mapped: the system takes them
// back where memory is short, as it does with all of its page cache.
void finish_reading(const void* data, size_t bytes);

}  // namespace esmm::data
