#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "esmm/features/bags.h"
#include "esmm/features/schema.h"
#include "esmm/features/vocabulary.h"

namespace esmm::data {

// Finds the fields none of whose values a vocabulary knows: perhaps they are written in another way than at
// the training. Missing values do not count, nor do crossed fields, which follow from their two.
class UnknownFields {
 public:
  // schema and vocabulary outlive it.
  UnknownFields(const Schema& schema, const Vocabulary& vocabulary);

  // keys: B x F bags.
  void add(const KeyBags& keys);

  // What to tell of each such field that had values.
  std::vector<std::string> warnings() const;

 private:
  struct Seen {
    int64_t missing = 0;  // the key of a missing value
    int64_t values = 0;   // until one was known
    bool known = false;
  };

  const Schema& schema_;
  const Vocabulary& vocabulary_;
  std::vector<Seen> seen_;  // per field
};

}  // namespace esmm::data
