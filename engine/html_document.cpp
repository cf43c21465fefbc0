// Finds its way in HTML by its tags alone, in one pass and without a tree.

#include "engine/html_document.hpp"

namespace caravan {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

/// Where the tag `<name` begins; npos when there is none.
std::size_t find_tag(std::string_view html, std::string_view name) {
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::size_t end = at + 1 + name.size();
    if (end >= html.size() || !equal_ignoring_case(html.substr(at + 1, name.size()), name)) continue;
    if (is_blank(html[end]) || html[end] == '>') return at;
  }
  return std::string_view::npos;
}

constexpr std::string_view hidden =
    "<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;"
    "mso-hide:all\">";

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::size_t end_of_tag(std::string_view html, std::size_t start) {
  char quote = '\0';
  char before = '\0';  // blanks apart
  for (std::size_t at = start; at < html.size(); ++at) {
    const char c = html[at];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '>') {
      return at + 1;
    } else if ((c == '"' || c == '\'') && before == '=') {
      quote = c;
    }
    if (!is_blank(c)) before = c;
  }
  return std::string_view::npos;
}

std::string_view attribute_of(std::string_view tag, std::string_view name) {
  std::size_t at = std::min(tag.find_first_of(" \t\r\n\f"), tag.size());
  while (at < tag.size()) {
    while (at < tag.size() && (is_blank(tag[at]) || tag[at] == '/'))
      ++at;
    const std::size_t begin = at;
    while (at < tag.size() && !is_blank(tag[at]) && tag[at] != '=' && tag[at] != '>')
      ++at;
    const std::string_view found = tag.substr(begin, at - begin);
    while (at < tag.size() && is_blank(tag[at]))
      ++at;
    if (at >= tag.size() || tag[at] == '>') return {};
    if (tag[at] != '=') continue;
    do
      ++at;
    while (at < tag.size() && is_blank(tag[at]));
    const bool quoted = at < tag.size() && (tag[at] == '"' || tag[at] == '\'');
    const std::size_t value = quoted ? at + 1 : at;
    const std::size_t end = quoted ? tag.find(tag[at], value) : tag.find_first_of(" \t\r\n\f>", value);
    at = std::min(end, tag.size());
    if (equal_ignoring_case(found, name)) return tag.substr(value, at - value);
    if (quoted) ++at;
  }
  return {};
}

std::string with_link_targets(std::string html,
                              const std::function<std::optional<std::string>(std::string_view)>& replace) {
  const std::string_view text = html;
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    if (text.substr(at, 4) == "<!--") {
      at = text.find("-->", at + 4);
      if (at == std::string_view::npos) break;
      continue;
    }
    const bool is_link = at + 2 < text.size() && lower(text[at + 1]) == 'a' && is_blank(text[at + 2]);
    const std::size_t end = is_link ? end_of_tag(text, at) : at + 1;
    if (end == std::string_view::npos) break;
    const std::string_view href = is_link ? attribute_of(text.substr(at, end - at), "href") : std::string_view();
    const std::optional<std::string> other = href.empty() ? std::nullopt : replace(href);
    if (other) {
      const auto begin = static_cast<std::size_t>(href.data() - text.data());
      out.append(text.substr(copied, begin - copied)).append(*other);
      copied = begin + href.size();
    }
    at = end;
  }
  if (copied == 0) return html;
  out += text.substr(copied);
  return out;
}

std::string with_end_of_body(std::string html, std::string_view what) {
  std::size_t end = html.size();
  for (std::size_t at = html.find("</"); at != std::string::npos; at = html.find("</", at + 2)) {
    const std::string_view name = std::string_view(html).substr(at + 2, 4);
    if (equal_ignoring_case(name, "body")) end = at;
    if (equal_ignoring_case(name, "html") && end == html.size()) end = at;
  }
  html.insert(end, what);
  return html;
}

std::string complete_document(std::string html, std::string_view preheader) {
  const std::string line = preheader.empty() ? std::string() : std::string(hidden).append(preheader) + "</div>";
  const std::size_t body = find_tag(html, "body");
  if (body != std::string::npos) {
    const std::size_t end = end_of_tag(html, body);
    if (end != std::string::npos) html.insert(end, line);
    return html;
  }
  if (find_tag(html, "html") != std::string::npos) return html;
  return "<!doctype html>\n<html>\n<head><meta charset=\"utf-8\"></head>\n<body>" + line + html + "</body>\n</html>\n";
}

}  // namespace caravan
