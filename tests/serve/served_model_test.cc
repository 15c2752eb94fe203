#include "esmm/serve/served_model.h"

#include <catch2/catch.hpp>

#include "esmm/core/error.h"

using esmm::serve::load_models;

TEST_CASE("a model's name that cannot stand in a URL is refused before the file is read") {
  CHECK_THROWS_WITH(
      load_models({"a/b=model.pt"}, {}),
      "bad model name: expected letters, digits, '_', '.' and '-', got 'a/b'; give one: NAME=model.pt");
  CHECK_THROWS_AS(load_models({"=model.pt"}, {}), esmm::ConfigError);
  CHECK_THROWS_WITH(load_models({"my model.pt"}, {}), Catch::Contains("got 'my model'"));
}

TEST_CASE("a file that is not there is an error that names it") {
  CHECK_THROWS_AS(load_models({"demo=nowhere/model.pt"}, {}), esmm::Error);
  CHECK_THROWS_WITH(load_models({"demo=nowhere/model.pt"}, {}), Catch::Contains("nowhere/model.pt"));
}
