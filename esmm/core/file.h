#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/core/error.h"

namespace esmm {

// why: what the system says.
Error cannot_be_written(const std::filesystem::path& path, const std::string& why);

// A file's bytes. Throws Error when it cannot be read.
std::ifstream open_to_read(const std::filesystem::path& path);

// Whole content of a file. Throws Error when it cannot be read.
std::string read_file(const std::filesystem::path& path);

// Writes next to `path` and renames: a reader sees the old content or the new, never a part.
// Makes the folder where it is missing. Throws Error.
void write_file(const std::filesystem::path& path, std::string_view content);

// The same for a writer that wants a path: calls write(temporary), then renames it to `path`.
void write_atomically(const std::filesystem::path& path,
                      const std::function<void(const std::filesystem::path& temporary)>& write);

// A new file for a library that must not see a write fail (LibTorch's archive writer ends the process).
class FileSink {
 public:
  // shown: the path that an error names, where this one is a temporary's.
  FileSink(const std::filesystem::path& path, std::filesystem::path shown);

  // After a failure it drops what comes.
  void write(const void* bytes, size_t count);
  // Throws Error where the file could not be opened or, as far as is known, written to.
  void require_good() const;
  // Once, at the end. Throws Error where a byte is not in the file.
  void close();

 private:
  std::filesystem::path shown_;
  std::ofstream out_;
  int failure_ = 0;  // errno of the first failure
};

// Files that match a pattern with * ? [], sorted; a pattern without them names one file. Empty: none exists.
std::vector<std::filesystem::path> glob(const std::filesystem::path& pattern);

// "a, b".
std::string in_words(const std::vector<std::filesystem::path>& paths);

}  // namespace esmm
