#include "esmm/data/generate/generate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "esmm/core/file.h"

namespace esmm::data {

namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr uint64_t kCommonIndexStream = 300;
constexpr int64_t kMostCounted = 255;

}  // namespace

TextFile::TextFile(const std::filesystem::path& path) : path_(path), out_(path, std::ios::binary) {
  text_.reserve(kBufferBytes + kBufferBytes / 4);
}

void TextFile::put_probability(double p) {
  char digits[32];
  text_.append(digits, std::to_chars(digits, digits + sizeof digits, p, std::chars_format::general, 9).ptr);
}

void TextFile::end_line() {
  text_.push_back('\n');
  if (text_.size() >= kBufferBytes) write();
}

void TextFile::close() {
  write();
  out_.close();
}

void TextFile::write() {
  out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
  if (!out_.flush()) throw cannot_be_written(path_, std::strerror(errno));
}

AliCcpWriter::AliCcpWriter(const World& world, uint64_t seed)
    : world_(world), seed_(mix_seed(seed, kCommonIndexStream)) {
  for (int64_t count = 0; count <= kMostCounted; ++count) {
    weights_.push_back(fmt::format("{:.5f}", std::log1p(static_cast<double>(count))));
  }
}

std::string_view AliCcpWriter::weight(int64_t count) const { return weights_[std::min(count, kMostCounted)]; }

void AliCcpWriter::add_history(std::string_view name, const GeneratedField& field,
                               const std::vector<Counted>& history) {
  for (const Counted& entry : history)
    features_.push_back({name, field.first_id + entry.value, weight(entry.count)});
}

void AliCcpWriter::add_combination(const GeneratedField& field, const std::vector<Counted>& history,
                                   int64_t value) {
  const auto found =
      std::lower_bound(history.begin(), history.end(), value,
                       [](const Counted& entry, int64_t wanted) { return entry.value < wanted; });
  if (found == history.end() || found->value != value) return;
  features_.push_back({field.name, field.first_id + value, weight(found->count)});
}

void AliCcpWriter::skeleton(TextFile& out, int64_t sample_id, bool click, bool conversion,
                            const GeneratedUser& user, const GeneratedImpression& impression) {
  const GeneratedLayout& layout = world_.layout();
  const GeneratedItem& item = world_.item(impression.item);
  features_.clear();
  add(layout.item, impression.item);
  add(layout.category, item.category);
  add(layout.shop, item.shop);
  for (const int64_t intention : item.intentions) add(layout.intention, intention);
  add(layout.brand, item.brand);
  add(layout.position, impression.position);
  add_combination(layout.user_category, user.categories, item.category);
  add_combination(layout.user_shop, user.shops, item.shop);
  add_combination(layout.user_brand, user.brands, item.brand);
  for (const int64_t intention : item.intentions)
    add_combination(layout.user_intention, user.intentions, intention);

  out.put(sample_id);
  out.put(click ? ",1," : ",0,");
  out.put(conversion ? "1," : "0,");
  put_common_index(out, user.number);
  put_features(out);
}

void AliCcpWriter::common(TextFile& out, const GeneratedUser& user) {
  const GeneratedLayout& layout = world_.layout();
  features_.clear();
  add(layout.user, user.number);
  for (size_t i = 0; i < user.profile.size(); ++i) {
    if (user.profile[i] >= 0) add(layout.profile[i], user.profile[i]);
  }
  add_history("109_14", layout.category, user.categories);
  add_history("110_14", layout.shop, user.shops);
  add_history("127_14", layout.brand, user.brands);
  add_history("150_14", layout.intention, user.intentions);
  put_common_index(out, user.number);
  put_features(out);
}

// 64 bits that differ for every two users: mix_seed is one-to-one in its second argument.
void AliCcpWriter::put_common_index(TextFile& out, int64_t user) const {
  const uint64_t index = mix_seed(seed_, static_cast<uint64_t>(user));
  char digits[16];
  for (int i = 0; i < 16; ++i) digits[i] = "0123456789abcdef"[(index >> (60 - 4 * i)) & 15];
  out.put(std::string_view(digits, sizeof digits));
}

void AliCcpWriter::put_features(TextFile& out) const {
  out.put(',');
  out.put(static_cast<int64_t>(features_.size()));
  char before = ',';
  for (const Feature& feature : features_) {
    out.put(before);
    out.put(feature.field);
    out.put('\x02');
    out.put(feature.id);
    out.put('\x03');
    out.put(feature.value);
    before = '\x01';
  }
  out.end_line();
}

}  // namespace esmm::data
