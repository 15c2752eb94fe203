#pragma once

#include <arrow/util/compression.h>

#include <cstdint>
#include <string>

namespace esmm::test {

inline std::string gzip(const std::string& text) {
  auto codec = arrow::util::Codec::Create(arrow::Compression::GZIP).ValueOrDie();
  std::string packed(static_cast<size_t>(codec->MaxCompressedLen(static_cast<int64_t>(text.size()), nullptr)),
                     '\0');
  const int64_t size =
      codec
          ->Compress(static_cast<int64_t>(text.size()), reinterpret_cast<const uint8_t*>(text.data()),
                     static_cast<int64_t>(packed.size()), reinterpret_cast<uint8_t*>(packed.data()))
          .ValueOrDie();
  return packed.substr(0, static_cast<size_t>(size));
}

}  // namespace esmm::test
