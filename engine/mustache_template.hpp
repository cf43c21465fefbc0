#pragma once
// A Mustache template, checked tag by tag when it is made and rendered any number of times. The library renders; the
// check is ours, because an author needs the place of a fault and the engine the names that a template reads.

#include "storage/attributes.hpp"

namespace caravan {

/// What is wrong with a template, by byte offset and length in its text.
struct TemplateFault {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string message;
  std::string hint;
};

/// The values that a template is rendered with, by dotted name; made once for all templates of a message.
class TemplateValues {
 public:
  TemplateValues(const std::vector<std::string>& names, const Attributes& values);
  ~TemplateValues();

 private:
  friend class MustacheTemplate;
  struct Data;
  std::unique_ptr<Data> data_;
};

/// Variables, triple and & variables, sections, inverted sections and comments. A section is shown when its value is
/// there, is not false and is no empty text, list or map; a list repeats it. Numbers are written without an exponent
/// where that is readable, instants as ISO 8601; false, lists and maps are written as nothing.
class MustacheTemplate {
 public:
  enum class Escape { none, html };

  /// Faults are appended; with any, the template renders nothing.
  MustacheTemplate(std::string text, Escape escape, std::vector<TemplateFault>& faults);
  ~MustacheTemplate();
  MustacheTemplate(MustacheTemplate&&) noexcept;

  /// What its tags read, each once, in order of first use.
  const std::vector<std::string>& names() const { return names_; }
  /// From any thread. Throws std::runtime_error when sections repeat without measure.
  std::string render(const TemplateValues& values) const;

 private:
  struct Compiled;
  std::vector<std::string> names_;
  std::size_t size_ = 0;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace caravan
