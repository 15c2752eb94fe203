#pragma once

#include <cctype>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace esmm::test {

struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // of itself, up to its first child, entities as they stand
};

// A strict reader of the XML that a page may be: every element closed in order, every attribute quoted and
// named once, no bare & or <, no entities but XML's own. Throws on the first fault.
class XmlReader {
 public:
  static std::vector<XmlElement> read(std::string_view text) {
    XmlReader reader{text};
    reader.document();
    return std::move(reader.elements_);
  }

 private:
  explicit XmlReader(std::string_view text) : text_(text) {}

  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error(why + " at: " + std::string(text_.substr(at_, 60)));
  }
  bool begins(std::string_view with) const { return text_.substr(at_).starts_with(with); }
  void expect(std::string_view token) {
    if (!begins(token)) fail("expected " + std::string(token));
    at_ += token.size();
  }
  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  std::string name() {
    const size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '-'))
      ++at_;
    if (begin == at_) fail("expected a name");
    return std::string(text_.substr(begin, at_ - begin));
  }
  std::string text_until(char end) {
    const size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] != end; ++at_) {
      if (text_[at_] == '<') fail("bare <");
      if (static_cast<unsigned char>(text_[at_]) < 0x20 && text_[at_] != '\n' && text_[at_] != '\t')
        fail("control character");
      if (text_[at_] != '&') continue;
      bool known = false;
      for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) known = known || begins(entity);
      if (!known) fail("bare & or unknown entity");
    }
    if (at_ == text_.size()) fail("text that does not end");
    return std::string(text_.substr(begin, at_ - begin));
  }
  void attributes(XmlElement& element) {
    for (skip_space(); !begins(">") && !begins("/>"); skip_space()) {
      const std::string attribute = name();
      expect("=\"");
      if (!element.attributes.emplace(attribute, text_until('"')).second) fail("an attribute twice");
      expect("\"");
    }
  }
  void element() {
    expect("<");
    const size_t place = elements_.size();
    elements_.push_back({.name = name(), .attributes = {}, .text = {}});
    attributes(elements_[place]);
    if (begins("/>")) return expect("/>");
    expect(">");
    elements_[place].text = text_until('<');
    while (!begins("</")) {
      element();
      text_until('<');
    }
    expect("</" + elements_[place].name + ">");
  }
  void document() {
    expect("<!DOCTYPE html>\n");
    element();
    skip_space();
    if (at_ != text_.size()) fail("expected the end");
  }

  std::string_view text_;
  size_t at_ = 0;
  std::vector<XmlElement> elements_;
};

}  // namespace esmm::test
