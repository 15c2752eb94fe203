#pragma once

#include <string>
#include <vector>

#include "esmm/data/raw/line_reader.h"
#include "esmm/data/raw/raw_reader.h"

namespace esmm::data {

// Columns of an Ali-CCP file: those before n_features, and those asked for.
struct AliCcpColumns {
  std::vector<std::string> leading, asked;
};

// Parses lines of Ali-CCP's text (ali_ccp_reader.h) into `chunk`, all but its file.
void parse_ali_ccp_block(const TextBlock& block, const AliCcpColumns& columns, RawChunk& chunk);

}  // namespace esmm::data
