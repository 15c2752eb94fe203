#include "esmm/data/raw/byte_places.h"

#include <catch2/catch.hpp>

#include <string>

#include "esmm/core/random.h"

using esmm::available_vectors;
using esmm::Vectors;
using esmm::data::BytePlaces;
using Places = std::vector<uint32_t>;

namespace {

constexpr std::array<char, 5> kWanted{1, 2, 3, ',', '\n'};

Places found_by(BytePlaces& places, const std::string& text, const std::array<char, 5>& wanted = kWanted) {
  places.find(text, wanted);
  return {places.places().begin(), places.places().end()};
}

}  // namespace

TEST_CASE("bytes are found wherever they stand, by every kind of vectors") {
  for (const Vectors vectors : available_vectors()) {
    BytePlaces places(vectors);
    CHECK(found_by(places, "").empty());
    CHECK(found_by(places, "abc").empty());
    CHECK(found_by(places, ",a\n") == Places{0, 2});
    for (uint32_t at = 0; at < 200; ++at) {
      std::string text(200, 'x');
      text[at] = '\x02';
      CHECK(found_by(places, text) == Places{at});
      text.resize(at + 1);  // the last byte of a text of any length
      CHECK(found_by(places, text) == Places{at});
    }
  }
}

TEST_CASE(
    "a text that is all wanted bytes is all found, and what follows the text is not read as part of it") {
  for (const Vectors vectors : available_vectors()) {
    BytePlaces places(vectors);
    for (const size_t size : {1, 63, 64, 65, 1000, 300'000}) {
      const Places found = found_by(places, std::string(size, ','));
      REQUIRE(found.size() == size);
      CHECK(found.front() == 0);
      CHECK(found.back() == size - 1);
    }
  }
}

TEST_CASE("every kind of vectors finds what a loop over the bytes finds") {
  esmm::Random random(7);
  for (int round = 0; round < 200; ++round) {
    std::string text(static_cast<size_t>(random.uniform() * 500), 0);
    for (char& byte : text) byte = static_cast<char>(random.below(round % 2 == 0 ? 128 : 256));
    const std::array<char, 5> wanted{static_cast<char>(random.below(256)), ',', '\n', 0, 'a'};
    Places expected;
    bool ascii = true;
    for (uint32_t i = 0; i < text.size(); ++i) {
      if (std::find(wanted.begin(), wanted.end(), text[i]) != wanted.end()) expected.push_back(i);
      ascii = ascii && static_cast<unsigned char>(text[i]) < 128;
    }
    for (const Vectors vectors : available_vectors()) {
      BytePlaces places(vectors);
      CHECK(found_by(places, text, wanted) == expected);
      CHECK(places.ascii() == ascii);
    }
  }
}
