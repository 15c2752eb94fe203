#include "esmm/data/prepare/ordered_work.h"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <system_error>

#include "tests/support/few_threads.h"

using esmm::data::OrderedWork;

TEST_CASE("sections are passed in the order of the items, by any number of threads") {
  for (const size_t threads : {1, 2, 7}) {
    std::vector<int64_t> first, second;
    std::atomic<int64_t> between = 0;
    OrderedWork(2).run(threads, [&](OrderedWork::Item& item) {
      if (item.number() >= 500) return false;
      item.in_order(0, [&] { first.push_back(item.number()); });
      between += item.number();
      item.in_order(1, [&] { second.push_back(item.number()); });
      return true;
    });
    CHECK(first.size() == 500);
    CHECK(std::is_sorted(first.begin(), first.end()));
    CHECK(second == first);
    CHECK(between == 499 * 500 / 2);
  }
}

TEST_CASE("an item that leaves out a section lets the later ones pass it") {
  std::vector<int64_t> passed;
  OrderedWork(1).run(3, [&](OrderedWork::Item& item) {
    if (item.number() >= 100) return false;
    if (item.number() % 3 == 0) item.in_order(0, [&] { passed.push_back(item.number()); });
    return true;
  });
  CHECK(passed.size() == 34);
  CHECK(std::is_sorted(passed.begin(), passed.end()));
}

TEST_CASE("the problem of the first item that has one is thrown, and items before it are whole") {
  for (const size_t threads : {1, 4}) {
    std::vector<int64_t> passed;
    const auto run = [&] {
      OrderedWork(1).run(threads, [&](OrderedWork::Item& item) {
        if (item.number() % 100 == 50) throw std::runtime_error("item " + std::to_string(item.number()));
        item.in_order(0, [&] { passed.push_back(item.number()); });
        return true;
      });
    };
    CHECK_THROWS_WITH(run(), "item 50");
    CHECK(passed.size() == 50);
  }
}

TEST_CASE("where a thread cannot be started, those that were end, and the caller is told") {
  const esmm::test::FewThreads few;
  const auto run = [] {
    OrderedWork(1).run(20, [](OrderedWork::Item& item) {
      item.in_order(0, [] {});
      return true;  // there is no end
    });
  };
  CHECK_THROWS_AS(run(), std::system_error);
}

TEST_CASE("no thread has a second item before its first is done") {
  std::vector<int> open(3);
  bool twice = false;
  OrderedWork(1).run(3, [&](OrderedWork::Item& item) {
    if (item.number() >= 200) return false;
    const int now = ++open[item.thread()];
    item.in_order(0, [&] { twice = twice || now != 1; });
    --open[item.thread()];
    return true;
  });
  CHECK_FALSE(twice);
}
