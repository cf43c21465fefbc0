// Encodes mails. Everything that comes from outside passes through one of three doors on its way into a header
// (encoded words, a quoted string, a checked address), and none of them lets a line break through.

#include "engine/channels/mime.hpp"

#include "engine/channels/transfer_encoding.hpp"
#include "journeys/utf8.hpp"

namespace caravan {
namespace {

constexpr std::size_t wanted_line = 78;    ///< of a header, by RFC 5322
constexpr std::size_t longest_token = 60;  ///< without a blank to fold at; longer ones are encoded
constexpr std::size_t longest_local_part = 64;
constexpr std::size_t longest_domain = 253;
constexpr std::size_t longest_label = 63;
constexpr std::size_t longest_key = 120;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_atom_character(char c) {
  return is_alphanumeric(c) || (c != '\0' && std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos);
}

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// One header as it is written: knows its column, so that it can fold.
class Header {
 public:
  Header(std::string& out, std::string_view name) : out_(out), line_start_(out.size()) {
    out_ += name;
    out_ += ": ";
  }
  std::size_t column() const { return out_.size() - line_start_; }
  /// The next line; the blank that begins it takes the place of the one that was folded at.
  void fold() {
    out_ += "\r\n ";
    line_start_ = out_.size() - 1;
  }
  void put(std::string_view text) { out_ += text; }
  void end() { out_ += "\r\n"; }

 private:
  std::string& out_;
  std::size_t line_start_;
};

/// Encoded words can be broken between any two characters; the blank between two of them is not part of the text.
void put_encoded(Header& header, std::string_view text) {
  static constexpr std::string_view opening = "=?utf-8?B?";
  static constexpr std::string_view closing = "?=";
  static constexpr std::size_t longest_word = 45;  ///< bytes: 60 in base64, 72 with the brackets, of the 75 allowed
  for (std::size_t offset = 0; offset < text.size();) {
    if (offset > 0) header.fold();
    const std::size_t room = wanted_line - std::min(wanted_line, header.column() + opening.size() + closing.size());
    const std::size_t limit = std::clamp<std::size_t>(room / 4 * 3, 4, longest_word);
    std::size_t end = offset;
    while (end < text.size()) {
      const std::size_t length = code_point_at(text, end).length;
      if (end + length - offset > limit) break;
      end += length;
    }
    header.put(opening);
    header.put(to_base64(text.substr(offset, end - offset)));
    header.put(closing);
    offset = end;
  }
}

/// Words, folded at their blanks.
void put_words(Header& header, std::string_view text) {
  bool first = true;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find(' '), text.size());
    if (!first) {
      if (header.column() + 1 + length > wanted_line) {
        header.fold();
      } else {
        header.put(" ");
      }
    }
    header.put(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
    first = false;
  }
}

/// Text for a header: UTF-8, line breaks and other control characters as blanks.
std::string clean_text(std::string_view text) {
  std::string clean = clean_utf8(text);
  std::replace_if(
      clean.begin(), clean.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; }, ' ');
  return clean;
}

/// Whether words alone carry the text: printable, no blank that folding could lose, no word too long for a line, and
/// nothing that a reader would take for an encoded word.
bool is_plain(std::string_view text) {
  if (text.find("=?") != std::string_view::npos || text.find("  ") != std::string_view::npos) return false;
  if (text.starts_with(' ') || text.ends_with(' ')) return false;
  std::size_t word = 0;
  for (const char c : text) {
    word = c == ' ' ? 0 : word + 1;
    if (!is_printable(c) || word > longest_token) return false;
  }
  return true;
}

void put_text_header(std::string& out, std::string_view name, std::string_view text) {
  const std::string clean = clean_text(text);
  Header header(out, name);
  if (is_plain(clean)) {
    put_words(header, clean);
  } else {
    put_encoded(header, clean);
  }
  header.end();
}

/// The display name of `Name <address>`, without the quotes it may have been written in.
std::string display_name(std::string_view mailbox) {
  const std::size_t bracket = mailbox.rfind('<');
  if (bracket == std::string_view::npos) return {};
  const std::string clean = clean_text(mailbox.substr(0, bracket));
  std::string_view name = trimmed(clean);
  if (name.size() < 2 || !name.starts_with('"') || !name.ends_with('"')) return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string unquoted;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    unquoted += name[i];
  }
  return unquoted;
}

void put_name(Header& header, std::string_view name) {
  const bool atoms = std::all_of(name.begin(), name.end(), [](char c) { return c == ' ' || is_atom_character(c); });
  if (!is_plain(name)) {
    put_encoded(header, name);
  } else if (atoms) {
    put_words(header, name);
  } else {
    std::string quoted = "\"";
    for (const char c : name) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    put_words(header, quoted + "\"");
  }
}

void put_mailbox_header(std::string& out, std::string_view name, std::string_view mailbox) {
  const std::string address = address_of(mailbox);
  if (address.empty()) return put_text_header(out, name, mailbox);
  const std::string shown = display_name(mailbox);
  Header header(out, name);
  if (!shown.empty()) {
    put_name(header, shown);
    if (header.column() + address.size() + 3 > wanted_line) {
      header.fold();
    } else {
      header.put(" ");
    }
    header.put("<" + address + ">");
  } else {
    header.put(address);
  }
  header.end();
}

/// Of RFC 2369 and, where nobody can change what is sent on its way, of RFC 8058: one POST to the address, which the
/// mail program makes when its own button is pressed. The address cannot be folded and stands on a line of its own.
void put_unsubscribe_headers(std::string& out, std::string_view url) {
  constexpr std::size_t longest_url = 995;  ///< with a blank and its brackets, of the 998 that a line may have
  const bool fits =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7F' && c != '<' && c != '>'; });
  if (url.empty() || url.size() > longest_url || !fits) return;
  out += "List-Unsubscribe:\r\n <" + std::string(url) + ">\r\n";
  if (url.starts_with("https://")) out += "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
}

std::string date_text(Instant date) {
  static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(date);
  const std::chrono::year_month_day calendar(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(date - day));
  const auto two = [](auto number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  std::string text(days[std::chrono::weekday(day).c_encoding()]);
  text += ", " + two(static_cast<unsigned>(calendar.day())) + " ";
  text += months[static_cast<unsigned>(calendar.month()) - 1];
  text += " " + std::to_string(static_cast<int>(calendar.year())) + " ";
  return text + two(time.hours().count()) + ":" + two(time.minutes().count()) + ":" + two(time.seconds().count()) +
         " +0000";
}

std::string part(std::string_view type, std::string_view text) {
  std::string out = "Content-Type: ";
  out += type;
  out += "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
  return out + to_quoted_printable(clean_utf8(text)) + "\r\n";
}

bool is_domain(std::string_view domain) {
  if (domain.empty() || domain.size() > longest_domain) return false;
  while (true) {
    const std::string_view label = domain.substr(0, domain.find('.'));
    if (label.empty() || label.size() > longest_label || label.starts_with('-') || label.ends_with('-')) return false;
    if (!std::all_of(label.begin(), label.end(), [](char c) { return is_alphanumeric(c) || c == '-'; })) return false;
    if (label.size() == domain.size()) return true;
    domain.remove_prefix(label.size() + 1);
  }
}

bool is_local_part(std::string_view local) {
  if (local.empty() || local.size() > longest_local_part) return false;
  if (local.starts_with('.') || local.ends_with('.') || local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(), [](char c) { return c == '.' || is_atom_character(c); });
}

std::string problem_of(std::string_view whose, std::string_view mailbox) {
  if (!address_of(mailbox).empty()) return {};
  if (trimmed(mailbox).empty()) return "the mail has no " + std::string(whose);
  const bool ascii = std::all_of(mailbox.begin(), mailbox.end(), is_printable);
  std::string shown = clean_text(mailbox.substr(0, 100));
  return "the " + std::string(whose) + " \"" + shown + "\" is no address that mail can be sent to" +
         (ascii ? "" : ": it has characters beyond ASCII");
}

}  // namespace

std::string address_of(std::string_view mailbox) {
  if (std::any_of(mailbox.begin(), mailbox.end(), [](char c) { return (c >= '\0' && c < ' ') || c == '\x7F'; })) {
    return {};
  }
  std::string_view address = trimmed(mailbox);
  if (const std::size_t bracket = address.rfind('<'); bracket != std::string_view::npos) {
    if (!address.ends_with('>')) return {};
    address = address.substr(bracket + 1, address.size() - bracket - 2);
  }
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos) return {};
  if (!is_local_part(address.substr(0, at)) || !is_domain(address.substr(at + 1))) return {};
  return std::string(address);
}

std::string address_problem(const Mail& mail) {
  std::string problem = problem_of("sender", mail.from);
  return problem.empty() ? problem_of("receiver", mail.to) : problem;
}

std::string safe_key(std::string_view key) {
  std::string safe(key.substr(0, longest_key));
  std::replace_if(
      safe.begin(), safe.end(), [](char c) { return !is_alphanumeric(c) && c != '.' && c != '-'; }, '-');
  if (safe.empty() || safe.front() == '.') safe.insert(0, "-");
  return safe;
}

std::string encode_mail(const Mail& mail) {
  const std::string key = safe_key(mail.key);
  const std::string sender = address_of(mail.from);
  const std::string host = sender.empty() ? "localhost" : sender.substr(sender.find('@') + 1);

  std::string out;
  out.reserve(mail.html.size() + mail.text.size() + 2048);
  out += "Date: " + date_text(mail.date) + "\r\n";
  put_mailbox_header(out, "From", mail.from);
  put_mailbox_header(out, "To", mail.to);
  if (!mail.reply_to.empty()) put_mailbox_header(out, "Reply-To", mail.reply_to);
  put_text_header(out, "Subject", mail.subject);
  out += "Message-ID: <" + key + "@" + host + ">\r\n";
  out += "X-Caravan-Delivery: " + key + "\r\n";
  put_unsubscribe_headers(out, mail.unsubscribe_url);
  out += "MIME-Version: 1.0\r\n";
  if (mail.html.empty()) return out + part("text/plain", mail.text);
  if (mail.text.empty()) return out + part("text/html", mail.html);

  // "=_" never stands in quoted-printable, so the boundary cannot stand in a part. The line break before a boundary
  // belongs to the boundary.
  const std::string boundary = "=_" + key.substr(0, 66);
  out += "Content-Type: multipart/alternative;\r\n boundary=\"" + boundary + "\"\r\n\r\n";
  out += "--" + boundary + "\r\n" + part("text/plain", mail.text);
  out += "--" + boundary + "\r\n" + part("text/html", mail.html);
  return out + "--" + boundary + "--\r\n";
}

}  // namespace caravan
