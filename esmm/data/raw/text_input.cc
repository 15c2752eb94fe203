#include "esmm/data/raw/text_input.h"

#include "esmm/core/error.h"

#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

constexpr size_t kPieceBytes = size_t{8} << 20;  // decompressed at a time

[[noreturn]] void throw_unreadable(const fs::path& file, const std::string& got, const std::string& hint) {
  throw Error({.what = "cannot be read", .where = file.string(), .got = got, .hint = hint});
}

class MappedText : public TextInput {
 public:
  explicit MappedText(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct ::stat status {};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0) {
      const std::string reason = std::strerror(errno);
      if (descriptor >= 0) ::close(descriptor);
      throw_unreadable(file, reason, "check the path and its permissions");
    }
    const auto size = static_cast<size_t>(status.st_size);
    void* begin = nullptr;
    if (S_ISREG(status.st_mode) && size > 0)
      begin = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const std::string reason = S_ISREG(status.st_mode) ? std::strerror(errno) : "no regular file";
    ::close(descriptor);
    if (begin == MAP_FAILED || !S_ISREG(status.st_mode))
      throw_unreadable(file, reason, "give a file on disk");
    if (begin == nullptr) return;
    ::madvise(begin, size, MADV_SEQUENTIAL);
    text_ = {static_cast<const char*>(begin), size};
    asked_ = text_.data();
    owner_ = std::shared_ptr<const void>(begin, [size](void* mapped) { ::munmap(mapped, size); });
  }

  TextWindow next(std::string_view) override { return {.text = text_, .last = true, .owner = owner_}; }

  void read_ahead(const char* place) override {
    const char* const end = text_.data() + text_.size();
    while (asked_ < end && asked_ - place < static_cast<std::ptrdiff_t>(kAhead)) {
      const size_t size = std::min(kAhead, static_cast<size_t>(end - asked_));
      ::madvise(const_cast<char*>(asked_), size, MADV_WILLNEED);
      asked_ += size;
    }
  }

 private:
  static constexpr size_t kAhead = size_t{32} << 20;  // a multiple of a page

  std::string_view text_;
  const char* asked_ = nullptr;  // how far the disk was asked
  std::shared_ptr<const void> owner_;
};

class DecompressedText : public TextInput {
 public:
  explicit DecompressedText(const fs::path& file) : file_(file) {
    codec_ = value_of(arrow::util::Codec::Create(arrow::Compression::GZIP));
    packed_ = value_of(arrow::io::ReadableFile::Open(file.string()));
    stream_ = value_of(arrow::io::CompressedInputStream::Make(codec_.get(), packed_));
  }

  TextWindow next(std::string_view unread) override {
    const size_t room = unread.size() + kPieceBytes;
    std::shared_ptr<char[]> buffer(new char[room]);
    std::copy(unread.begin(), unread.end(), buffer.get());
    size_t size = unread.size();
    bool last = false;
    const int64_t begin = value_of(packed_->Tell());
    while (size < room && !last) {
      const int64_t got = value_of(stream_->Read(static_cast<int64_t>(room - size), buffer.get() + size));
      last = got == 0;
      size += static_cast<size_t>(got);
    }
    const auto read = static_cast<double>(value_of(packed_->Tell()) - begin);
    const size_t fresh = std::max<size_t>(size - unread.size(), 1);
    return {{buffer.get(), size}, last, read / static_cast<double>(fresh), buffer};
  }

 private:
  template <typename T>
  T value_of(arrow::Result<T> result) const {
    if (!result.ok()) {
      throw_unreadable(file_, result.status().message(),
                       "the file is damaged, cut short or no gzip file: get it again");
    }
    return std::move(result).ValueUnsafe();
  }

  fs::path file_;
  std::unique_ptr<arrow::util::Codec> codec_;
  std::shared_ptr<arrow::io::ReadableFile> packed_;
  std::shared_ptr<arrow::io::InputStream> stream_;
};

}  // namespace

std::unique_ptr<TextInput> open_text(const fs::path& file) {
  if (file.extension() == ".gz") return std::make_unique<DecompressedText>(file);
  return std::make_unique<MappedText>(file);
}

}  // namespace esmm::data
