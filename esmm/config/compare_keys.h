#pragma once

#include "esmm/config/compare_config.h"
#include "esmm/config/rule.h"

// The tables of section compare.
namespace esmm::config {

template <class Visitor>
void describe(Keys<CompareEntry>, Visitor&& visit) {
  using T = CompareEntry;
  visit("name", &T::name, required(),
        "what tables call it, and its folder: letters, digits, `_`, `-` and `.`");
  visit("method", &T::method, required(), "one of the registered methods");
  visit("set", &T::set, any(),
        "settings of its own, as in `[model.dropout=0.2, train.epochs=2]`; laid over the config and --set");
}

template <class Visitor>
void describe(Keys<CompareConfig>, Visitor&& visit) {
  using T = CompareConfig;
  visit("out", &T::out, any(), "folder of the comparison and its runs; or --out");
  visit("seeds", &T::seeds, between(1, 1000), "each entry is trained with train.seed 1 to this");
  visit("entries", &T::entries, any(), "what is compared; none: every method, with the config's settings");
}

}  // namespace esmm::config
