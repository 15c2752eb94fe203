#include "esmm/data/prepare/key_dump.h"

#include <cerrno>
#include <cstring>
#include <vector>

#include "esmm/core/file.h"

namespace esmm::data {
namespace {

template <class T>
void write(std::ofstream& out, const std::vector<T>& numbers) {
  out.write(reinterpret_cast<const char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(T)));
}

}  // namespace

KeyDump::KeyDump(const std::filesystem::path& folder) : folder_(folder) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  keys_.open(folder / "keys.i64", std::ios::binary);
  offsets_.open(folder / "offsets.i64", std::ios::binary);
  weights_.open(folder / "weights.f32", std::ios::binary);
  write(offsets_, std::vector<int64_t>{0});
  if (!keys_ || !offsets_ || !weights_) throw cannot_be_written(folder, std::strerror(errno));
}

void KeyDump::add(const KeyBags& bags) {
  std::vector<int64_t> ends(bags.offsets.begin() + 1, bags.offsets.end());
  for (int64_t& end : ends) end += ids_;
  write(offsets_, ends);
  write(keys_, bags.ids);
  write(weights_, bags.weights.empty() ? std::vector<float>(bags.ids.size(), 1.0f) : bags.weights);
  ids_ += static_cast<int64_t>(bags.ids.size());
}

void KeyDump::close() {
  for (std::ofstream* out : {&keys_, &offsets_, &weights_}) {
    if (!out->flush()) throw cannot_be_written(folder_, std::strerror(errno));
  }
}

}  // namespace esmm::data
