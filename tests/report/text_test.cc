#include "esmm/report/text.h"

#include <catch2/catch.hpp>

#include <limits>

#include "esmm/core/error.h"

namespace esmm::report {
namespace {

TEST_CASE("text is escaped for elements and attributes") {
  CHECK(escape("a<b>&\"c'") == "a&lt;b&gt;&amp;&quot;c&#39;");
  CHECK(escape("日本 é 😀\n\t") == "日本 é 😀\n\t");
}

TEST_CASE("what XML cannot hold becomes U+FFFD") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(escape(std::string("a\0b", 3)) == "a" + bad + "b");
  CHECK(escape("\x1b[0m") == bad + "[0m");
  CHECK(escape("\xff") == bad);
  CHECK(escape("\xc3") == bad);                                // cut short
  CHECK(escape("\xc0\xaf") == bad + bad);                      // too long a form of /
  CHECK(escape("\xed\xa0\x80") == bad + bad + bad);            // half of a pair
  CHECK(escape("\xef\xbf\xbf") == bad + bad + bad);            // U+FFFF
  CHECK(escape("\xf4\x90\x80\x80") == bad + bad + bad + bad);  // beyond U+10FFFF
}

TEST_CASE("numbers are written with significant digits and no exponent") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(0.123456) == "0.1235");
  CHECK(number_text(0.00012346) == "0.0001235");
  CHECK(number_text(1.5) == "1.5");
  CHECK(number_text(123456) == "123456");
  CHECK(number_text(-2.50001) == "-2.5");
  CHECK(number_text(0.99999) == "1");
  CHECK(number_text(1e-9) == "1e-09");
  CHECK(count_text(1234567) == "1,234,567");
  CHECK(count_text(999) == "999");
  CHECK(count_text(-1000) == "−1,000");
  CHECK(percent_text(0.05062) == "5.06 %");
  CHECK(short_text(950) == "950");
  CHECK(short_text(20000) == "20k");
  CHECK(short_text(1.5e6) == "1.5M");
  CHECK(pixels(12.04) == "12");
  CHECK(pixels(-0.04) == "0");
  CHECK(pixels(7.26) == "7.3");
}

TEST_CASE("a number that is not finite never reaches the page") {
  CHECK_THROWS_AS(number_text(std::numeric_limits<double>::quiet_NaN()), InternalError);
  CHECK_THROWS_AS(pixels(std::numeric_limits<double>::infinity()), InternalError);
}

}  // namespace
}  // namespace esmm::report
