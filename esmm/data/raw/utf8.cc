#include "esmm/data/raw/utf8.h"

#include <arrow/util/utf8.h>

namespace esmm::data {

bool is_utf8(std::string_view text) {
  static const bool ready = (arrow::util::InitializeUTF8(), true);
  return ready && arrow::util::ValidateUTF8(text);
}

}  // namespace esmm::data
