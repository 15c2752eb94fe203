#include "esmm/train/files/event_record.h"

#include <array>
#include <bit>

namespace esmm::train {
namespace {

constexpr std::array<uint32_t, 256> make_crc_table() {
  constexpr uint32_t kReversedPolynomial = 0x82F6'3B78U;
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < table.size(); ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kReversedPolynomial : 0);
    table[byte] = crc;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kCrcTable = make_crc_table();

template <typename Unsigned>
std::string little_endian(Unsigned number) {
  std::string bytes;
  for (size_t i = 0; i < sizeof(Unsigned); ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xFFU);
  return bytes;
}

// Seven bits a byte, lowest first; the top bit says that more follow.
std::string varint(uint64_t number) {
  std::string bytes;
  for (; number >= 0x80U; number >>= 7) bytes += static_cast<char>((number & 0x7FU) | 0x80U);
  bytes += static_cast<char>(number);
  return bytes;
}

enum class Wire : uint64_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

std::string key(uint64_t field, Wire wire) { return varint(field << 3 | static_cast<uint64_t>(wire)); }
std::string number_field(uint64_t field, double value) {
  return key(field, Wire::fixed64) + little_endian(std::bit_cast<uint64_t>(value));
}
std::string number_field(uint64_t field, float value) {
  return key(field, Wire::fixed32) + little_endian(std::bit_cast<uint32_t>(value));
}
std::string number_field(uint64_t field, int64_t value) {
  return key(field, Wire::varint) + varint(static_cast<uint64_t>(value));
}
std::string bytes_field(uint64_t field, std::string_view bytes) {
  return key(field, Wire::bytes) + varint(bytes.size()) + std::string(bytes);
}

}  // namespace

std::string encode_event(const Event& event) {
  std::string summary;
  for (const auto& [tag, value] : event.scalars)
    summary += bytes_field(1, bytes_field(1, tag) + number_field(2, value));
  return number_field(1, event.wall_time) + number_field(2, event.step) + bytes_field(5, summary);
}

std::string encode_file_version(double wall_time) {
  return number_field(1, wall_time) + bytes_field(3, "brain.Event:2");
}

std::string frame_record(std::string_view payload) {
  const std::string length = little_endian<uint64_t>(payload.size());
  return length + little_endian(masked_crc32c(length)) + std::string(payload) +
         little_endian(masked_crc32c(payload));
}

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = 0xFFFF'FFFFU;
  for (const char byte : bytes)
    crc = (crc >> 8) ^ kCrcTable[(crc ^ static_cast<unsigned char>(byte)) & 0xFFU];
  return ~crc;
}

uint32_t masked_crc32c(std::string_view bytes) { return std::rotr(crc32c(bytes), 15) + 0xA282'EAD8U; }

}  // namespace esmm::train
