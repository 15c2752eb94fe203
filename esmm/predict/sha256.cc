#include "esmm/predict/sha256.h"

#include "esmm/core/error.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

namespace esmm::predict {
namespace {

void require(int success) {
  if (success != 1) throw InternalError("SHA-256 is not available in libcrypto");
}

}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(digest); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  require(EVP_DigestInit_ex(context_->digest, EVP_sha256(), nullptr));
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(const void* bytes, size_t count) {
  require(EVP_DigestUpdate(context_->digest, bytes, count));
}

std::string Sha256::finish() {
  std::array<unsigned char, 32> bytes{};
  require(EVP_DigestFinal_ex(context_->digest, bytes.data(), nullptr));
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace esmm::predict
