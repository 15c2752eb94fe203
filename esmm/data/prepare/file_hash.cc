#include "esmm/data/prepare/file_hash.h"

#include <fstream>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "esmm/core/error.h"

namespace esmm::data {

uint64_t hash_of_file(const std::filesystem::path& file) {
  std::vector<char> part(size_t{1} << 20);
  std::ifstream in(file, std::ios::binary);
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  while (in) {
    in.read(part.data(), static_cast<std::streamsize>(part.size()));
    XXH3_64bits_update(&state, part.data(), static_cast<size_t>(in.gcount()));
  }
  if (!in.eof()) throw Error({.what = "cannot be read", .where = file.string(), .hint = "check the path"});
  return XXH3_64bits_digest(&state);
}

}  // namespace esmm::data
