#include "esmm/train/files/tensor_file.h"

#include <fmt/format.h>
#include <torch/serialize/input-archive.h>
#include <torch/serialize/output-archive.h>

#include <exception>
#include <new>
#include <sstream>
#include <string_view>

#include "esmm/core/error.h"
#include "esmm/core/file.h"
#include "esmm/features/field_encoder.h"

namespace esmm::train {
namespace {

std::string describe(const torch::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.scalar_type() << " " << tensor.sizes();
  return text.str();
}

// LibTorch's messages carry a stack trace.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

// Of all that the file holds: the archive format itself does not see a flipped bit.
int64_t digest_of(const TensorFile& content) {
  int64_t digest = feature_key(content.text, 0);
  const auto add = [&digest](std::string_view bytes) {
    digest = feature_key(bytes, static_cast<uint64_t>(digest));
  };
  for (const auto& [name, tensor] : content.tensors) {
    add(name);
    add(describe(tensor));
    const torch::Tensor bytes = tensor.contiguous();
    if (bytes.numel() > 0) add({static_cast<const char*>(bytes.const_data_ptr()), bytes.nbytes()});
  }
  return digest;
}

Error damaged(const std::filesystem::path& path, const std::string& got) {
  return Error({.what = "is damaged or no file of this program",
                .where = path.string(),
                .got = got,
                .hint = "take a copy that is whole, or remove it and train again"});
}

int64_t digest_in(torch::serialize::InputArchive& archive) {
  c10::IValue value;
  archive.read("digest", value);
  return value.toInt();
}

template <class Read>
void read_archive(const std::filesystem::path& path, const Read& read) {
  open_to_read(path);  // throws where it is not damage
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(path.string(), torch::Device(torch::kCPU));
    read(archive);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    if (first_line(error).find("DefaultCPUAllocator") != std::string::npos) throw std::bad_alloc();
    throw damaged(path, first_line(error));
  }
}

}  // namespace

void write_tensor_file(const std::filesystem::path& path, const TensorFile& given) {
  // From the CPU, whatever device trained them: the file does not say where its tensors were.
  TensorFile content{.text = given.text, .tensors = {}};
  c10::Dict<std::string, torch::Tensor> tensors;
  for (const auto& [name, tensor] : given.tensors) {
    const torch::Tensor on_host = tensor.detach().to(torch::kCPU);
    content.tensors.emplace(name, on_host);
    tensors.insert(name, on_host);
  }
  torch::serialize::OutputArchive archive;
  archive.write("text", c10::IValue(content.text));
  archive.write("tensors", c10::IValue(tensors));
  archive.write("digest", c10::IValue(digest_of(content)));
  write_atomically(path, [&](const std::filesystem::path& temporary) {
    FileSink sink(temporary, path);
    archive.save_to([&sink](const void* bytes, size_t count) {
      sink.write(bytes, count);
      return count;
    });
    sink.close();
  });
}

TensorFile read_tensor_file(const std::filesystem::path& path) {
  TensorFile content;
  read_archive(path, [&](torch::serialize::InputArchive& archive) {
    c10::IValue value;
    archive.read("text", value);
    content.text = value.toStringRef();
    archive.read("tensors", value);
    for (const auto& entry : value.toGenericDict()) {
      content.tensors.emplace(entry.key().toStringRef(), entry.value().toTensor());
    }
    content.digest = digest_in(archive);
  });
  if (content.digest != digest_of(content)) throw damaged(path, "other bytes than were written");
  return content;
}

int64_t read_digest(const std::filesystem::path& path) {
  int64_t digest = 0;
  read_archive(path, [&](torch::serialize::InputArchive& archive) { digest = digest_in(archive); });
  return digest;
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
