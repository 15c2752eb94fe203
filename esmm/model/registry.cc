#include <ATen/CPUGeneratorImpl.h>

#include <array>
#include <string_view>

#include "esmm/core/error.h"
#include "esmm/core/nearest.h"
#include "esmm/model/aman.h"
#include "esmm/model/base.h"
#include "esmm/model/dcmt.h"
#include "esmm/model/division.h"
#include "esmm/model/escm2_dr.h"
#include "esmm/model/escm2_ips.h"
#include "esmm/model/esmm.h"
#include "esmm/model/esmm_ns.h"
#include "esmm/model/method.h"
#include "esmm/model/oversampling.h"
#include "esmm/model/unbias.h"

namespace esmm {
namespace {

struct Registered {
  std::string_view name;
  std::shared_ptr<Method> (*make)(const ModelConfig&, const ModelShape&, const at::Generator&);
};

template <class M>
std::shared_ptr<Method> make(const ModelConfig& config, const ModelShape& shape,
                             const at::Generator& generator) {
  return std::make_shared<M>(config, shape, generator);
}

// One line per method.
constexpr std::array kMethods{
    Registered{"esmm", make<Esmm>},
    Registered{"esmm_ns", make<EsmmNs>},
    Registered{"base", make<Base>},
    Registered{"aman", make<Aman>},
    Registered{"oversampling", make<Oversampling>},
    Registered{"unbias", make<Unbias>},
    Registered{"division", make<Division>},
    Registered{"escm2_ips", make<Escm2Ips>},
    Registered{"escm2_dr", make<Escm2Dr>},
    Registered{"dcmt", make<Dcmt>},
};

}  // namespace

std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const Registered& method : kMethods) names.emplace_back(method.name);
  return names;
}

std::shared_ptr<Method> make_method(const ModelConfig& config, const ModelShape& shape, uint64_t seed) {
  for (const Registered& method : kMethods) {
    if (method.name == config.method) return method.make(config, shape, at::detail::createCPUGenerator(seed));
  }
  const std::vector<std::string> names = method_names();
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  throw ConfigError(Problem{.what = "unknown method",
                            .where = "model.method",
                            .expected = "one of " + list,
                            .got = "\"" + config.method + "\"",
                            .hint = did_you_mean(config.method, names)});
}

}  // namespace esmm
