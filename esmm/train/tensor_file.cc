#include "esmm/train/tensor_file.h"

#include <fmt/format.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

#include <sstream>

#include "esmm/core/error.h"
#include "esmm/core/file.h"

namespace esmm::train {
namespace {

std::string describe(const torch::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.scalar_type() << " " << tensor.sizes();
  return text.str();
}

// LibTorch's messages carry a stack trace.
std::string first_line(const c10::Error& error) {
  const std::string text = error.what_without_backtrace();
  return text.substr(0, text.find('\n'));
}

}  // namespace

void write_tensor_file(const std::filesystem::path& path, const TensorFile& content) {
  c10::Dict<std::string, torch::Tensor> tensors;
  for (const auto& [name, tensor] : content.tensors) tensors.insert(name, tensor.detach());
  torch::serialize::OutputArchive archive;
  archive.write("text", c10::IValue(content.text));
  archive.write("tensors", c10::IValue(tensors));
  write_atomically(path, [&](const std::filesystem::path& temporary) {
    try {
      archive.save_to(temporary.string());
    } catch (const c10::Error& error) {
      throw Error({.what = "cannot be written",
                   .where = path.string(),
                   .got = first_line(error),
                   .hint = "check the folder's permissions and the free space"});
    }
  });
}

TensorFile read_tensor_file(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path)) {
    throw Error(
        {.what = "cannot be read", .where = path.string(), .got = "no such file", .hint = "check the path"});
  }
  TensorFile content;
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(path.string(), torch::Device(torch::kCPU));
    c10::IValue value;
    archive.read("text", value);
    content.text = value.toStringRef();
    archive.read("tensors", value);
    for (const auto& entry : value.toGenericDict()) {
      content.tensors.emplace(entry.key().toStringRef(), entry.value().toTensor());
    }
  } catch (const c10::Error& error) {
    throw Error({.what = "is damaged or no file of this program",
                 .where = path.string(),
                 .got = first_line(error),
                 .hint = "remove it and train again"});
  }
  return content;
}

void copy_tensors(const NamedTensors& from, const NamedTensors& to, const std::string& where) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : to) {
    const auto found = from.find(name);
    const std::string got = found == from.end() ? "none" : describe(found->second);
    if (got != describe(tensor)) {
      throw Error({.what = fmt::format("tensor {} does not fit the model", name),
                   .where = where,
                   .expected = describe(tensor),
                   .got = got,
                   .hint = "train again with this config, in another run folder"});
    }
    torch::Tensor(tensor).copy_(found->second);
  }
  if (from.size() != to.size()) {
    throw Error({.what = "holds another model's tensors",
                 .where = where,
                 .expected = fmt::format("{} tensors", to.size()),
                 .got = fmt::format("{}", from.size()),
                 .hint = "train again with this config, in another run folder"});
  }
}

}  // namespace esmm::train
