// Exports a model made by hand and prints what it says of one impression: write_tiny_model FILE
#include "esmm/export/export.h"
#include "esmm/features/field_encoder.h"
#include "tests/export/tiny_run.h"

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const esmm::train::Run run = esmm::test::tiny_run();
  esmm::exporting::export_model(run, arguments[1]);

  // user=u1 hour=7.5 history=i2|i3 item=i4, no tags
  const std::array<std::string_view, 1> user{"u1"}, hour{"7.5"}, item{"i4"};
  const std::array<std::string_view, 2> history{"i2", "i3"};
  const std::array<esmm::RawBag, 5> raw{{{user, {}}, {hour, {}}, {history, {}}, {item, {}}, {}}};
  esmm::KeyBags keys;
  std::string why;
  if (!esmm::RowEncoder(run.schema).append(raw, keys, why)) return 1;
  const esmm::train::Scores scores = esmm::test::score(run, keys);
  std::printf("pctr %.4f pcvr %.4f pctcvr %.4f\n", scores.p_ctr[0], scores.p_cvr[0], scores.p_ctcvr[0]);
}
