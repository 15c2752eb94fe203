#include "esmm/core/file.h"

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "esmm/core/error.h"

namespace esmm {
namespace fs = std::filesystem;

namespace {

void flush_to_disk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || fs::is_directory(path)) {
    throw Error({.what = "cannot be read",
                 .where = path.string(),
                 .got = fs::exists(path) ? "a folder or a file without read permission" : "no such file",
                 .hint = "check the path"});
  }
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
}

void write_file(const fs::path& path, std::string_view content) {
  write_atomically(path, [&](const fs::path& temporary) {
    std::ofstream out(temporary, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out.flush()) {
      throw Error({.what = "cannot be written",
                   .where = path.string(),
                   .got = std::strerror(errno),
                   .hint = "check the folder's permissions and the free space"});
    }
  });
}

void write_atomically(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  std::error_code ignored;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
  const fs::path temporary = path.string() + ".tmp" + std::to_string(::getpid());
  try {
    write(temporary);
    flush_to_disk(temporary);
    fs::rename(temporary, path);
  } catch (const fs::filesystem_error& error) {
    fs::remove(temporary, ignored);
    throw Error({.what = "cannot be written",
                 .where = path.string(),
                 .got = error.code().message(),
                 .hint = "check the folder's permissions and the free space"});
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

}  // namespace esmm
