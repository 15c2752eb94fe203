#include "esmm/train/files/event_record.h"

#include <catch2/catch.hpp>

#include "tests/train/files/event_reader.h"

namespace esmm::train {
namespace {

std::string counting(int first, int step) {
  std::string bytes;
  for (int i = 0; i < 32; ++i) bytes += static_cast<char>(first + i * step);
  return bytes;
}

TEST_CASE("CRC-32C of RFC 3720's examples") {
  const std::string read_pdu(
      "\x01\xc0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x14\x00\x00\x00\x00\x00\x04\x00"
      "\x00\x00\x00\x14\x00\x00\x00\x18\x28\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00",
      48);
  for (const auto crc : {crc32c, test::EventReader::crc32c_by_bits}) {
    CHECK(crc(std::string(32, '\0')) == 0x8a9136aaU);
    CHECK(crc(std::string(32, '\xff')) == 0x62a8ab43U);
    CHECK(crc(counting(0, 1)) == 0x46dd794eU);
    CHECK(crc(counting(31, -1)) == 0x113fdb5cU);
    CHECK(crc(read_pdu) == 0xd9963a56U);
  }
}

// The first record of a file that TensorFlow 2 writes begins with these bytes: length 24 and its masked CRC.
TEST_CASE("a record begins with its length and the length's masked CRC") {
  const std::string record = frame_record(std::string(24, 'x'));
  CHECK(record.size() == 8 + 4 + 24 + 4);
  CHECK(record.substr(0, 12) == std::string("\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22", 12));
}

TEST_CASE("an event is the protobuf of its wall time, step and scalars") {
  const std::string encoded = encode_event({.wall_time = 0.5, .step = 300, .scalars = {{"a", 1.0F}}});
  CHECK(encoded == std::string("\x09\0\0\0\0\0\0\xe0\x3f"               // 1: double 0.5
                               "\x10\xac\x02"                           // 2: varint 300
                               "\x2a\x0a"                               // 5: 10 bytes
                               "\x0a\x08\x0a\x01\x61\x15\0\0\x80\x3f",  // 1: {1: "a", 2: float 1}
                               24));
}

TEST_CASE("a reader of its own gets back what was written") {
  const auto events = test::EventReader::read(
      frame_record(encode_file_version(7.25)) +
      frame_record(encode_event(
          {.wall_time = 1e9, .step = int64_t{1} << 40, .scalars = {{"train/loss", 0.1F}, {"", -2.5F}}})));
  REQUIRE(events.size() == 2);
  CHECK(events[0].wall_time == 7.25);
  CHECK(events[0].file_version == "brain.Event:2");
  CHECK(events[1].wall_time == 1e9);
  CHECK(events[1].step == int64_t{1} << 40);
  CHECK(events[1].scalars == std::map<std::string, float>{{"train/loss", 0.1F}, {"", -2.5F}});
}

TEST_CASE("a reader notices any byte of a record that changed") {
  const std::string record =
      frame_record(encode_event({.wall_time = 1, .step = 2, .scalars = {{"a", 3.0F}}}));
  for (size_t i = 0; i < record.size(); ++i) {
    std::string changed = record;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    CHECK_THROWS(test::EventReader::read(changed));
  }
}

}  // namespace
}  // namespace esmm::train
