#include "esmm/data/raw/ali_ccp_reader.h"

#include "esmm/data/raw/ali_ccp_block.h"
#include "esmm/data/raw/file_sequence.h"
#include "esmm/data/raw/line_reader.h"

namespace esmm::data {
namespace fs = std::filesystem;

namespace {

class AliCcpReader : public RawReader {
 public:
  AliCcpReader(const fs::path& file, AliCcpColumns columns) : lines_(file), columns_(std::move(columns)) {}

  bool next(RawTask& task) override {
    TextBlock block;
    if (!lines_.peek(block)) return false;
    lines_.skip(block);
    task = [block, columns = columns_, file = lines_.file()](RawChunk& chunk) {
      chunk.file = file;
      parse_ali_ccp_block(block, columns, chunk);
    };
    return true;
  }

 private:
  LineReader lines_;
  AliCcpColumns columns_;
};

std::unique_ptr<RawReader> reader_of(const std::vector<fs::path>& files, AliCcpColumns columns) {
  return std::make_unique<FileSequence>(files, [columns = std::move(columns)](const fs::path& file) {
    return std::make_unique<AliCcpReader>(file, columns);
  });
}

}  // namespace

std::unique_ptr<RawReader> ali_ccp_skeleton_reader(const std::vector<fs::path>& files,
                                                   const std::vector<std::string>& columns) {
  return reader_of(files, {{"sample_id", "click", "conversion", "common_index"}, columns});
}

std::unique_ptr<RawReader> ali_ccp_common_reader(const std::vector<fs::path>& files,
                                                 const std::vector<std::string>& columns) {
  return reader_of(files, {{"common_index"}, columns});
}

}  // namespace esmm::data
