#include "esmm/core/file.h"

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>
#include <system_error>
#include <utility>

#include "esmm/core/error.h"

namespace esmm {
namespace fs = std::filesystem;

namespace {

void flush_to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
  const std::error_code failure(errno, std::generic_category());
  if (descriptor >= 0) ::close(descriptor);
  if (!flushed) throw fs::filesystem_error("fsync", path, failure);
}

}  // namespace

Error cannot_be_written(const fs::path& path, const std::string& why) {
  return Error({.what = "cannot be written",
                .where = path.string(),
                .got = why,
                .hint = "check the folder's permissions and the free space"});
}

std::ifstream open_to_read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (in && !fs::is_directory(path)) return in;
  std::error_code unknown;
  const bool there = fs::exists(path, unknown);
  throw Error({.what = "cannot be read",
               .where = path.string(),
               .got = unknown ? unknown.message()
                      : there ? "a folder or a file without read permission"
                              : "no such file",
               .hint = "check the path"});
}

std::string read_file(const fs::path& path) {
  const std::ifstream in = open_to_read(path);
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
}

void write_file(const fs::path& path, std::string_view content) {
  write_atomically(path, [&](const fs::path& temporary) {
    FileSink sink(temporary, path);
    sink.write(content.data(), content.size());
    sink.close();
  });
}

FileSink::FileSink(const fs::path& path, fs::path shown)
    : shown_(std::move(shown)), out_(path, std::ios::binary | std::ios::trunc) {
  if (!out_) failure_ = errno;
}

void FileSink::write(const void* bytes, size_t count) {
  if (out_ && !out_.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count)))
    failure_ = errno;
}

void FileSink::close() {
  if (out_ && !out_.flush()) failure_ = errno;
  require_good();
  out_.close();
}

void FileSink::require_good() const {
  if (!out_) throw cannot_be_written(shown_, std::strerror(failure_));
}

void write_atomically(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  std::error_code refused, ignored;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), refused);
  if (refused) throw cannot_be_written(path, refused.message());
  const fs::path temporary = path.string() + ".tmp" + std::to_string(::getpid());
  try {
    write(temporary);
    flush_to_disk(temporary);
    fs::rename(temporary, path);
  } catch (const fs::filesystem_error& error) {
    fs::remove(temporary, ignored);
    throw cannot_be_written(path, error.code().message());
  } catch (...) {
    fs::remove(temporary, ignored);
    throw;
  }
}

std::vector<fs::path> glob(const fs::path& pattern) {
  ::glob_t found{};
  std::vector<fs::path> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  ::globfree(&found);
  return paths;
}

std::string in_words(const std::vector<fs::path>& paths) {
  std::string text;
  for (const fs::path& path : paths) text += (text.empty() ? "" : ", ") + path.string();
  return text;
}

}  // namespace esmm
