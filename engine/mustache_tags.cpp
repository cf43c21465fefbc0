// Reads the tags of a Mustache text as the library that renders them does, and is stricter: what an author can have
// meant only by mistake (an empty tag, a name with blanks, crossing sections) is a fault.

#include "engine/mustache_tags.hpp"

#include <unordered_set>

namespace caravan {
namespace {

constexpr std::size_t deepest_section = 32;
constexpr std::size_t shown_length = 60;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// `person.first_name`
bool is_dotted_name(std::string_view name) {
  bool begins = true;
  for (const char c : name) {
    if (c == '.' ? begins : !is_name_character(c)) return false;
    begins = c == '.';
  }
  return !begins;
}

class Scan {
 public:
  Scan(std::string_view text, std::vector<TemplateFault>& faults) : text_(text), faults_(faults) {}

  std::vector<std::string> run() {
    for (std::size_t at = text_.find("{{"); at != std::string_view::npos; at = text_.find("{{", at))
      at = tag(at);
    for (const Section& section : sections_) {
      fault(section.offset, section.length, "the section " + shown(section.name) + " is not closed",
            "write {{/" + std::string(section.name.substr(0, shown_length)) + "}} where it ends");
    }
    return std::move(names_);
  }

 private:
  struct Section {
    std::string_view name;
    std::size_t offset = 0;
    std::size_t length = 0;
  };

  /// Reads the tag at `start`, and gives where the text goes on.
  std::size_t tag(std::size_t start) {
    const bool triple = text_.substr(start).starts_with("{{{");
    const std::size_t opening = triple ? 3 : 2;
    const std::size_t close = text_.find(triple ? "}}}" : "}}", start + opening);
    if (close == std::string_view::npos) {
      fault(start, opening, "this tag is not closed",
            triple ? "write }}} behind its name" : "write }} behind its name");
      return text_.size();
    }
    const std::size_t end = close + opening;
    const std::string_view content = trimmed(text_.substr(start + opening, close - start - opening));
    understand(content, triple, start, end - start);
    return end;
  }

  void understand(std::string_view content, bool triple, std::size_t offset, std::size_t length) {
    const char kind = triple || content.empty() ? '\0' : content.front();
    const std::string_view name = trimmed(content.substr(std::min<std::size_t>(1, content.size())));
    switch (kind) {
      case '!': return;
      case '>': return fault(offset, length, "a template cannot include another", "write its text here");
      case '=': return fault(offset, length, "the braces of tags cannot be changed", "write {{ and }}");
      case '#':
      case '^':
        if (is_name(name, offset, length)) read(name);
        return open(name, offset, length);
      case '/': return close(name, offset, length);
      case '&':
        if (is_name(name, offset, length)) read(name);
        return;
      default:
        if (is_name(content, offset, length)) read(content);
    }
  }

  void open(std::string_view name, std::size_t offset, std::size_t length) {
    if (sections_.size() == deepest_section) {
      fault(offset, length, "sections stand more than " + std::to_string(deepest_section) + " deep here");
    }
    sections_.push_back({name, offset, length});
  }

  void close(std::string_view name, std::size_t offset, std::size_t length) {
    if (sections_.empty()) return fault(offset, length, "no section " + shown(name) + " is open here");
    const Section open = sections_.back();
    sections_.pop_back();
    if (open.name == name) return;
    fault(offset, length, "the section that ends here is " + shown(open.name) + ", not " + shown(name),
          "write {{/" + std::string(open.name.substr(0, shown_length)) + "}}");
  }

  bool is_name(std::string_view name, std::size_t offset, std::size_t length) {
    if (name == "." && !sections_.empty()) return true;
    if (name == ".") {
      fault(offset, length, "{{.}} is the element of a list, and there is no section around it");
    } else if (name.empty()) {
      fault(offset, length, "this tag has no name");
    } else if (!is_dotted_name(name)) {
      fault(offset, length, shown(name) + " is no name of a value",
            "names are letters, digits, _ and -, joined by dots: {{person.first_name}}");
    } else {
      return true;
    }
    return false;
  }

  void read(std::string_view name) {
    if (name != "." && seen_.emplace(name).second) names_.emplace_back(name);
  }

  static std::string shown(std::string_view name) {
    const bool whole = name.size() <= shown_length;
    return "\"" + std::string(name.substr(0, shown_length)) + (whole ? "\"" : "…\"");
  }

  void fault(std::size_t offset, std::size_t length, std::string message, std::string hint = {}) {
    faults_.push_back({offset, length, std::move(message), std::move(hint)});
  }

  const std::string_view text_;
  std::vector<TemplateFault>& faults_;
  std::vector<Section> sections_;
  std::vector<std::string> names_;
  std::unordered_set<std::string_view> seen_;
};

}  // namespace

std::vector<std::string> scan_tags(std::string_view text, std::vector<TemplateFault>& faults) {
  return Scan(text, faults).run();
}

}  // namespace caravan
