#include "esmm/data/prepare/key_dump.h"

#include <catch2/catch.hpp>

#include <cstring>

#include "esmm/core/file.h"
#include "tests/support/temporary_folder.h"

using esmm::data::KeyDump;

namespace {

template <class T>
std::vector<T> numbers(const std::filesystem::path& file) {
  const std::string bytes = esmm::read_file(file);
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

}  // namespace

TEST_CASE("dumped bags follow each other, with weights for all") {
  const esmm::test::TemporaryFolder folder;
  KeyDump dump(folder / "keys");
  esmm::KeyBags bags;
  bags.push(-5);
  bags.close_bag();
  bags.close_bag();
  dump.add(bags);
  bags.clear();
  bags.push(7, 0.5f);
  bags.push(8);
  bags.close_bag();
  dump.add(bags);
  dump.close();
  CHECK(numbers<int64_t>(folder / "keys/keys.i64") == std::vector<int64_t>{-5, 7, 8});
  CHECK(numbers<int64_t>(folder / "keys/offsets.i64") == std::vector<int64_t>{0, 1, 1, 3});
  CHECK(numbers<float>(folder / "keys/weights.f32") == std::vector<float>{1, 0.5f, 1});
}
