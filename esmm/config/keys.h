#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "esmm/config/calibration_keys.h"
#include "esmm/config/compare_keys.h"
#include "esmm/config/config.h"
#include "esmm/config/data_keys.h"
#include "esmm/config/model_keys.h"
#include "esmm/config/train_keys.h"
#include "esmm/config/tune_keys.h"

namespace esmm::config {

template <class Visitor>
void describe(Keys<Config>, Visitor&& visit) {
  visit("data", &Config::data, any(), "raw logs, and how they become the prepared data set");
  visit("model", &Config::model, any(), "networks");
  visit("train", &Config::train, any(), "optimisation");
  visit("calibration", &Config::calibration, any(), "of the trained model's probabilities");
  visit("compare", &Config::compare, any(), "what `esmm compare` trains (docs/experiments.md)");
  visit("tune", &Config::tune, any(), "what `esmm tune` searches (docs/experiments.md)");
}

// A struct that has a table.
template <class T>
concept Described = requires {
  describe(Keys<T>{}, [](auto&&...) {});
};

template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

// "a whole number", "true or false", …: what a value of a type looks like.
template <class T>
std::string type_in_words() {
  if constexpr (std::is_same_v<T, bool>) {
    return "true or false";
  } else if constexpr (std::is_same_v<T, int64_t>) {
    return "a whole number";
  } else if constexpr (std::is_same_v<T, uint64_t>) {
    return "a whole number from 0";
  } else if constexpr (std::is_same_v<T, double>) {
    return "a number";
  } else if constexpr (std::is_same_v<T, std::string>) {
    return "a text";
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return "a path";
  } else if constexpr (Named<T>) {
    return list_in_words({Names<T>::all.begin(), Names<T>::all.end()});
  } else if constexpr (kIsOptional<T>) {
    return type_in_words<typename T::value_type>();
  } else if constexpr (std::is_same_v<T, std::vector<std::filesystem::path>>) {
    return "a path or a list of paths";
  } else if constexpr (kIsList<T>) {
    return "a list";
  } else {
    return "keys with values";
  }
}

}  // namespace esmm::config
