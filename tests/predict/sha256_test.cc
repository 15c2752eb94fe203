#include "esmm/predict/sha256.h"

#include <catch2/catch.hpp>

#include <string>

using esmm::predict::Sha256;

TEST_CASE("SHA-256 of no bytes and of abc are those of FIPS 180-4") {
  CHECK(Sha256().finish() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 digest;
  digest.update("a", 1);
  digest.update("bc", 2);
  CHECK(digest.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
