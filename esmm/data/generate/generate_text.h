#pragma once

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "esmm/data/generate/generate_truth.h"
#include "esmm/data/generate/generate_world.h"

namespace esmm::data {

// Text written through one large buffer.
class TextFile {
 public:
  explicit TextFile(const std::filesystem::path& path);

  void put(char c) { text_.push_back(c); }
  void put(std::string_view text) { text_.append(text); }
  void put(int64_t number) {
    char digits[24];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  }
  // Nine significant digits.
  void put_probability(double p);
  // Ends a line; writes once enough has come together. Throws Error where the disk is full.
  void end_line();
  // Throws Error.
  void close();

 private:
  void write();
  std::filesystem::path path_;
  std::ofstream out_;
  std::string text_;
};

// Writes Ali-CCP's two kinds of lines. A feature is field 0x02 id 0x03 value, features are joined by 0x01.
class AliCcpWriter {
 public:
  AliCcpWriter(const World& world, uint64_t seed);

  // sample_id,click,conversion,common_index,n_features,features
  void skeleton(TextFile& out, int64_t sample_id, bool click, bool conversion, const GeneratedUser& user,
                const GeneratedImpression& impression);
  // common_index,n_features,features
  void common(TextFile& out, const GeneratedUser& user);

 private:
  struct Feature {
    std::string_view field;
    int64_t id;
    std::string_view value;
  };
  void add(const GeneratedField& field, int64_t value) {
    features_.push_back({field.name, field.first_id + value, "1.0"});
  }
  void add_history(std::string_view name, const GeneratedField& field, const std::vector<Counted>& history);
  // The feature of what the user's history holds of `value`, if it holds any.
  void add_combination(const GeneratedField& field, const std::vector<Counted>& history, int64_t value);
  void put_common_index(TextFile& out, int64_t user) const;
  void put_features(TextFile& out) const;
  std::string_view weight(int64_t count) const;

  const World& world_;
  uint64_t seed_;
  std::vector<std::string> weights_;  // by count
  std::vector<Feature> features_;     // of the line being written
};

}  // namespace esmm::data
