// Scores one impression: consumer model.pt user=u1 hour=7.5 history=i2 history=i3 item=i4
#include <esmm/core/error.h>
#include <esmm/predict/predictor.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

int main(int count, char** arguments) try {
  if (count < 2) return 2;
  const esmm::Predictor predictor(arguments[1]);

  std::vector<std::vector<std::string_view>> values(predictor.schema().fields.size());
  for (int i = 2; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const size_t equals = argument.find('=');
    if (equals == argument.npos) throw esmm::Error({.what = "expected field=value", .got = arguments[i]});
    values[predictor.schema().index_of(argument.substr(0, equals))].push_back(argument.substr(equals + 1));
  }

  std::vector<esmm::RawBag> impression;
  for (const auto& field : values) impression.push_back({.values = field, .weights = {}});
  esmm::KeyBags keys;
  std::string why;
  if (!predictor.encoder().append(impression, keys, why)) throw esmm::Error({.what = why});

  const esmm::Prediction p = predictor.score(keys);
  std::printf("pctr %.4f pcvr %.4f pctcvr %.4f\n", p.p_ctr[0], p.p_cvr[0], p.p_ctcvr[0]);
} catch (const esmm::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return error.exit_code();
}
