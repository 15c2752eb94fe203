#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace esmm::data {

// Owns what the views of a chunk point to: pieces of files, Arrow batches, and texts made while reading.
class ChunkStorage {
 public:
  // Keeps `owner` as long as the chunk lives.
  void keep(const std::shared_ptr<const void>& owner) {
    if (owners_.empty() || owners_.back() != owner) owners_.push_back(owner);
  }

  // Room for `size` bytes, of which used() says how many are wanted.
  char* room(size_t size) {
    if (free_ < size) {
      free_ = std::max(size, kBlockBytes);
      blocks_.emplace_back(new char[free_]);
      end_ = blocks_.back().get();
    }
    return end_;
  }
  // The first `size` bytes of the room asked for last.
  std::string_view used(size_t size) {
    const std::string_view text(end_, size);
    end_ += size;
    free_ -= size;
    return text;
  }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    std::memcpy(room(text.size()), text.data(), text.size());
    return used(text.size());
  }

 private:
  static constexpr size_t kBlockBytes = size_t{1} << 18;

  std::vector<std::shared_ptr<const void>> owners_;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* end_ = nullptr;
  size_t free_ = 0;
};

}  // namespace esmm::data
