#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "esmm/config/config.h"
#include "esmm/config/keys.h"

namespace esmm {
namespace config {
namespace {

// Writes a struct by its table.
class Dumper {
 public:
  template <Described T>
  void write(const T& value) {
    out_ << YAML::BeginMap;
    describe(Keys<T>{}, [&](std::string_view name, auto member, const auto&...) {
      out_ << YAML::Key << std::string(name) << YAML::Value;
      write(value.*member);
    });
    out_ << YAML::EndMap;
  }

  template <class T>
  void write(const std::vector<T>& values) {
    if (!Described<T> || values.empty()) out_ << YAML::Flow;
    out_ << YAML::BeginSeq;
    for (const T& value : values) write(value);
    out_ << YAML::EndSeq;
  }

  template <class T>
  void write(const std::optional<T>& value) {
    if (value) {
      write(*value);
    } else {
      out_ << YAML::Null;
    }
  }

  template <Named E>
  void write(E value) {
    out_ << text_of(value);
  }
  void write(bool value) { out_ << (value ? "true" : "false"); }
  void write(int64_t value) { out_ << std::to_string(value); }
  void write(uint64_t value) { out_ << std::to_string(value); }
  void write(double value) {
    out_ << fmt::format("{}", value);
  }  // the shortest text that reads back as the same number
  void write(const std::string& value) { out_ << YAML::DoubleQuoted << value; }
  void write(const std::filesystem::path& value) { write(value.string()); }

  std::string text() const { return std::string(out_.c_str()) + '\n'; }

 private:
  YAML::Emitter out_;
};

}  // namespace
}  // namespace config

std::string dump_config(const Config& config) {
  config::Dumper dumper;
  dumper.write(config);
  return dumper.text();
}

}  // namespace esmm
