// The text part of a mail, made from its HTML: what a reader would type if asked to write the same without markup.
// One pass over the input, and an output that ends where nobody reads on.

#include "engine/html_document.hpp"
#include "engine/html_entities.hpp"
#include "engine/messages.hpp"

namespace caravan {
namespace {

constexpr std::size_t longest_text = std::size_t{1} << 20U;
constexpr std::size_t longest_address = 2000;
constexpr std::size_t deepest_list = 8;  ///< deeper ones are not indented further

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// What an element does to the text around it.
enum class Effect { none, space, line, paragraph, list, item, link, dropped, preformatted, rule, picture };

Effect effect_of(std::string_view name) {
  static const std::unordered_map<std::string_view, Effect> effects{
      {"p", Effect::paragraph},      {"h1", Effect::paragraph},      {"h2", Effect::paragraph},
      {"h3", Effect::paragraph},     {"h4", Effect::paragraph},      {"h5", Effect::paragraph},
      {"h6", Effect::paragraph},     {"table", Effect::paragraph},   {"blockquote", Effect::paragraph},
      {"dl", Effect::paragraph},     {"section", Effect::paragraph}, {"article", Effect::paragraph},
      {"header", Effect::paragraph}, {"footer", Effect::paragraph},  {"figure", Effect::paragraph},
      {"div", Effect::line},         {"br", Effect::line},           {"tr", Effect::line},
      {"dt", Effect::line},          {"dd", Effect::line},           {"center", Effect::line},
      {"td", Effect::space},         {"th", Effect::space},          {"ul", Effect::list},
      {"ol", Effect::list},          {"li", Effect::item},           {"a", Effect::link},
      {"style", Effect::dropped},    {"script", Effect::dropped},    {"title", Effect::dropped},
      {"textarea", Effect::dropped}, {"pre", Effect::preformatted},  {"hr", Effect::rule},
      {"img", Effect::picture}};
  const auto found = effects.find(name);
  return found == effects.end() ? Effect::none : found->second;
}

/// Text that is growing: blanks run together, and breaks are written when something comes after them.
class Paper {
 public:
  void add(std::string_view word) {
    settle();
    out_ += word;
  }
  void blank() { blank_ = true; }
  void break_lines(int count) { breaks_ = std::max(breaks_, count); }
  /// Begins a line that is a list's item.
  void item(std::string_view mark, std::size_t depth) {
    break_lines(1);
    settle();
    out_.append(2 * (std::min(depth, deepest_list) - 1), ' ').append(mark).append(" ");
    fresh_ = true;
  }
  std::size_t size() const { return out_.size(); }
  std::string_view since(std::size_t start) const {
    return std::string_view(out_).substr(std::min(start, out_.size()));
  }
  std::string take() {
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  void settle() {
    if (out_.empty() || fresh_) {
      breaks_ = 0;
    } else if (breaks_ > 0) {
      out_.append(static_cast<std::size_t>(breaks_), '\n');
    } else if (blank_) {
      out_ += ' ';
    }
    breaks_ = 0;
    blank_ = false;
    fresh_ = false;
  }
  std::string out_;
  int breaks_ = 0;
  bool blank_ = false;
  bool fresh_ = false;  ///< nothing stands behind an item's mark yet
};

class TextOfHtml {
 public:
  explicit TextOfHtml(std::string_view html) : html_(html) {}

  std::string run() {
    while (at_ < html_.size() && paper_.size() < longest_text) {
      const std::size_t bracket = std::min(html_.find('<', at_), html_.size());
      text(html_.substr(at_, bracket - at_));
      at_ = bracket;
      if (at_ < html_.size()) markup();
    }
    if (at_ < html_.size() || cut_) paper_.add("…");
    return paper_.take();
  }

 private:
  void markup() {
    const std::string_view rest = html_.substr(at_);
    if (rest.starts_with("<!--")) {
      const std::size_t end = rest.find("-->", 4);
      at_ = end == std::string_view::npos ? html_.size() : at_ + end + 3;
    } else if (rest.size() > 1 && (is_letter(rest[1]) || rest[1] == '/' || rest[1] == '!' || rest[1] == '?')) {
      const std::size_t end = std::min(end_of_tag(html_, at_), html_.size());
      const std::string_view tag = html_.substr(at_ + 1, end - at_ - 1);
      at_ = end;
      if (is_letter(tag[0])) {
        open(name_of(tag), tag);
      } else if (tag[0] == '/') {
        close(name_of(tag.substr(1)));
      }
    } else {
      paper_.add("<");
      ++at_;
    }
  }

  static std::string name_of(std::string_view tag) {
    std::string name;
    for (const char c : tag.substr(0, 16)) {
      if (!is_letter(c) && (c < '0' || c > '9')) break;
      name += static_cast<char>(c | 0x20);
    }
    return name;
  }

  void open(const std::string& name, std::string_view tag) {
    switch (effect_of(name)) {
      case Effect::none: return;
      case Effect::space: return paper_.blank();
      case Effect::line: return paper_.break_lines(1);
      case Effect::paragraph: return paper_.break_lines(2);
      case Effect::list: paper_.break_lines(lists_.empty() ? 2 : 1); return lists_.push_back(name == "ol" ? 1 : 0);
      case Effect::item: return item();
      case Effect::link:
        close("a");
        address_ = decode_entities(attribute_of(tag, "href"));
        link_start_ = paper_.size();
        return;
      case Effect::dropped: return skip_to_end_of(name);
      case Effect::preformatted: preformatted_ = true; return paper_.break_lines(2);
      case Effect::rule:
        paper_.break_lines(2);
        paper_.add("----");
        return paper_.break_lines(2);
      case Effect::picture: return text(attribute_of(tag, "alt"));
    }
  }

  void close(const std::string& name) {
    switch (effect_of(name)) {
      case Effect::line:
      case Effect::item: return paper_.break_lines(1);
      case Effect::paragraph: return paper_.break_lines(2);
      case Effect::preformatted: preformatted_ = false; return paper_.break_lines(2);
      case Effect::list:
        if (!lists_.empty()) lists_.pop_back();
        return paper_.break_lines(lists_.empty() ? 2 : 1);
      case Effect::link: return end_link();
      default: return;
    }
  }

  void item() {
    if (lists_.empty()) return paper_.item("-", 1);
    int& number = lists_.back();
    paper_.item(number == 0 ? "-" : std::to_string(number++) + ".", lists_.size());
  }

  /// Says where a link leads, unless its text does or it leads nowhere.
  void end_link() {
    std::string_view address = address_;
    if (address.starts_with("mailto:")) address.remove_prefix(7);
    const bool leads = !address.empty() && address.size() <= longest_address && !address.starts_with('#') &&
                       !address.starts_with("javascript:");
    if (leads && !paper_.since(link_start_).ends_with(address)) {
      const bool has_text = paper_.size() > link_start_;
      if (has_text) paper_.blank();
      paper_.add(has_text ? "(" + std::string(address) + ")" : std::string(address));
    }
    address_.clear();
  }

  void skip_to_end_of(const std::string& name) {
    while (at_ < html_.size()) {
      at_ = std::min(html_.find("</", at_), html_.size());
      if (at_ < html_.size() && name_of(html_.substr(at_ + 2)) == name) return;
      at_ = std::min(at_ + 2, html_.size());
    }
  }

  void text(std::string_view raw) {
    const std::string decoded = decode_entities(raw);
    std::string_view left = decoded;
    while (!left.empty() && paper_.size() < longest_text) {
      std::size_t length = 0;
      while (length < left.size() && !is_blank(left[length]))
        ++length;
      if (length > 0) paper_.add(left.substr(0, length));
      left.remove_prefix(length);
      for (; !left.empty() && is_blank(left.front()); left.remove_prefix(1)) {
        if (preformatted_ && left.front() == '\n') {
          paper_.break_lines(1);
        } else {
          paper_.blank();
        }
      }
    }
    cut_ = !left.empty();
  }

  const std::string_view html_;
  std::size_t at_ = 0;
  Paper paper_;
  std::vector<int> lists_;  ///< by depth: the number of the next item; 0: not numbered
  bool preformatted_ = false;
  bool cut_ = false;     ///< the last text was longer than the paper
  std::string address_;  ///< of the link that is open; empty: none
  std::size_t link_start_ = 0;
};

}  // namespace

std::string text_of_html(std::string_view html) {
  return TextOfHtml(html).run();
}

}  // namespace caravan
