#pragma once

#include <bit>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace esmm::test {

// An event as TensorBoard reads it.
struct ReadEvent {
  double wall_time = 0;
  int64_t step = 0;
  std::string file_version;
  std::map<std::string, float> scalars;
};

// Reads TFRecord and the event protobuf without the code that writes them: the CRC bit by bit, any field
// order, unknown fields skipped. Throws on what a reader would refuse.
class EventReader {
 public:
  static std::vector<ReadEvent> read(std::string_view file) {
    std::vector<ReadEvent> events;
    while (!file.empty()) {
      const std::string_view length = take(file, 8);
      check_crc(length, take(file, 4));
      const std::string_view payload = take(file, little_endian(length));
      check_crc(payload, take(file, 4));
      events.push_back(event(payload));
    }
    return events;
  }

  static uint32_t crc32c_by_bits(std::string_view bytes) {
    uint32_t crc = ~0U;
    for (const char byte : bytes) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        const bool out = ((crc ^ (static_cast<unsigned char>(byte) >> bit)) & 1U) != 0;
        crc = (crc >> 1) ^ (out ? 0x82F63B78U : 0U);
      }
    }
    return ~crc;
  }

 private:
  struct Field {
    uint64_t number = 0;
    uint64_t value = 0;      // of numbers: their bits
    std::string_view bytes;  // of strings and messages
  };

  static std::string_view take(std::string_view& text, uint64_t count) {
    if (count > text.size()) throw std::runtime_error("torn record");
    const std::string_view taken = text.substr(0, count);
    text.remove_prefix(count);
    return taken;
  }

  static uint64_t little_endian(std::string_view bytes) {
    uint64_t number = 0;
    for (size_t i = bytes.size(); i-- > 0;) number = number * 256 + static_cast<unsigned char>(bytes[i]);
    return number;
  }

  static void check_crc(std::string_view bytes, std::string_view stored) {
    const uint32_t crc = crc32c_by_bits(bytes);
    if (static_cast<uint32_t>(little_endian(stored)) != ((crc >> 15) | (crc << 17)) + 0xa282ead8U)
      throw std::runtime_error("bad CRC");
  }

  static uint64_t varint(std::string_view& text) {
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(text, 1)[0]);
      number |= static_cast<uint64_t>(byte & 127U) << shift;
      if (byte < 128) return number;
    }
    throw std::runtime_error("endless varint");
  }

  static std::vector<Field> fields(std::string_view message) {
    std::vector<Field> found;
    while (!message.empty()) {
      const uint64_t key = varint(message);
      Field field{.number = key >> 3, .bytes = {}};
      switch (key & 7U) {
        case 0:
          field.value = varint(message);
          break;
        case 1:
          field.value = little_endian(take(message, 8));
          break;
        case 2:
          field.bytes = take(message, varint(message));
          break;
        case 5:
          field.value = little_endian(take(message, 4));
          break;
        default:
          throw std::runtime_error("bad wire type");
      }
      found.push_back(field);
    }
    return found;
  }

  static ReadEvent event(std::string_view message) {
    ReadEvent event;
    for (const Field& field : fields(message)) {
      if (field.number == 1) event.wall_time = std::bit_cast<double>(field.value);
      if (field.number == 2) event.step = static_cast<int64_t>(field.value);
      if (field.number == 3) event.file_version = field.bytes;
      if (field.number != 5) continue;
      for (const Field& value : fields(field.bytes)) {
        std::string tag;
        for (const Field& part : fields(value.bytes)) {
          if (part.number == 1) tag = part.bytes;
          if (part.number == 2) event.scalars[tag] = std::bit_cast<float>(static_cast<uint32_t>(part.value));
        }
      }
    }
    return event;
  }
};

}  // namespace esmm::test
