// Scores dumped keys with an exported model and nothing but LibTorch: plain_torch MODEL FOLDER, where FOLDER
// holds keys.i64, offsets.i64 and, if there are weights, weights.f32 (raw little-endian). Prints pctr pcvr
// pctcvr, a line per impression.
#include <torch/script.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

torch::Tensor read(const std::string& file, torch::Dtype type) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto size = static_cast<int64_t>(bytes.size() / torch::elementSize(type));
  return torch::from_blob(const_cast<char*>(bytes.data()), {size}, type).clone();
}

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const std::string folder = arguments[2];
  torch::NoGradGuard no_gradients;
  torch::jit::Module model = torch::jit::load(arguments[1]);

  torch::jit::IValue weights;  // None
  if (std::ifstream(folder + "/weights.f32")) weights = read(folder + "/weights.f32", torch::kFloat);
  const auto scores = model
                          .forward({read(folder + "/keys.i64", torch::kLong),
                                    read(folder + "/offsets.i64", torch::kLong), weights})
                          .toTuple();

  const torch::Tensor table =
      torch::stack({scores->elements()[0].toTensor(), scores->elements()[1].toTensor(),
                    scores->elements()[2].toTensor()},
                   1)
          .contiguous();
  const float* p = table.const_data_ptr<float>();
  for (int64_t b = 0; b < table.size(0); ++b, p += 3) std::printf("%.9g %.9g %.9g\n", p[0], p[1], p[2]);
}
