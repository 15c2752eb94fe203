// Scores impressions: consumer MODEL FILE, where each line of FILE is an impression, as in
//   user=u1 hour=7.5 history=i2:0.5 history=i3:1 item=i4
// with the weight of each value of a field that has weights. Prints pctr pcvr pctcvr, a line per impression.
#include <esmm/core/error.h>
#include <esmm/predict/predictor.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// One field of an impression.
struct Values {
  std::vector<std::string_view> values;
  std::vector<float> weights;
};

esmm::Prediction score(const esmm::Predictor& predictor, const std::string& line) {
  const auto& fields = predictor.schema().fields;
  std::vector<std::string> words;
  std::istringstream stream(line);
  for (std::string word; stream >> word;) words.push_back(word);

  std::vector<Values> impression(fields.size());
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    if (equals == word.npos) throw esmm::Error({.what = "expected field=value", .got = word});
    const auto field = static_cast<size_t>(predictor.schema().index_of(word.substr(0, equals)));
    std::string_view value = std::string_view(word).substr(equals + 1);
    const size_t colon = fields[field].weights.empty() ? value.npos : value.rfind(':');
    if (colon != value.npos)
      impression[field].weights.push_back(std::strtof(value.data() + colon + 1, nullptr));
    impression[field].values.push_back(value.substr(0, colon));
  }

  std::vector<esmm::RawBag> raw;
  for (const Values& field : impression) raw.push_back({.values = field.values, .weights = field.weights});
  esmm::KeyBags keys;
  std::string why;
  if (!predictor.encoder().append(raw, keys, why)) throw esmm::Error({.what = why});
  return predictor.score(keys);
}

int main(int count, char** arguments) try {
  if (count != 3) return 2;
  const esmm::Predictor predictor(arguments[1]);
  std::ifstream lines(arguments[2]);
  for (std::string line; std::getline(lines, line);) {
    const esmm::Prediction p = score(predictor, line);
    std::printf("%.9g %.9g %.9g\n", p.p_ctr[0], p.p_cvr[0], p.p_ctcvr[0]);
  }
} catch (const esmm::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return error.exit_code();
}
