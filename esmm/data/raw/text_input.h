#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace esmm::data {

// A piece of a file's text.
struct TextWindow {
  std::string_view text;
  bool last = false;                  // the text reaches the end of the file
  double density = 1;                 // bytes of the file per byte of text
  std::shared_ptr<const void> owner;  // keeps the text alive
};

// A file's text through a window that moves on: a plain file is mapped into memory whole, a .gz file is
// decompressed piece by piece.
class TextInput {
 public:
  virtual ~TextInput() = default;
  // The next window: `unread`, the end of the present one, and what follows it in the file. Throws Error
  // where the file cannot be read, or ends in the middle of its compressed data.
  virtual TextWindow next(std::string_view unread) = 0;
  // The text from `place`, in the present window, on will soon be read: lets the disk begin with it.
  virtual void read_ahead(const char* /*place*/) {}
};

// By its name: .gz is decompressed. Throws Error where the file cannot be opened.
std::unique_ptr<TextInput> open_text(const std::filesystem::path& file);

}  // namespace esmm::data
