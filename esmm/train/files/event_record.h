#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace esmm::train {

// Scalars of one step, as TensorBoard knows them.
struct Event {
  double wall_time = 0;  // seconds since 1970
  int64_t step = 0;
  std::vector<std::pair<std::string, float>> scalars;  // tag, value
};

// Protobuf text of tensorflow.Event (event.proto, summary.proto): wall_time = 1 (double), step = 2 (int64),
// summary = 5, which holds per scalar a value = 1 of tag = 1 (string) and simple_value = 2 (float).
std::string encode_event(const Event& event);

// The event that begins every event file: file_version = 3 (string) is "brain.Event:2".
std::string encode_file_version(double wall_time);

// A TFRecord around `payload`: its length (uint64), the masked CRC-32C of those 8 bytes (uint32), the
// payload, its masked CRC-32C; numbers little-endian.
std::string frame_record(std::string_view payload);

// CRC-32C (Castagnoli), RFC 3720 appendix B.4.
uint32_t crc32c(std::string_view bytes);
// As TFRecord stores it, so that the CRC of bytes that hold CRCs still tells something: rotated right by 15
// bits, plus 0xa282ead8.
uint32_t masked_crc32c(std::string_view bytes);

}  // namespace esmm::train
