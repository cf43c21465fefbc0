#include "engine/api/public_pages.hpp"

#include <openssl/evp.h>

#include "engine/channels/transfer_encoding.hpp"
#include "engine/html_document.hpp"

namespace caravan::api {
namespace {

constexpr std::string_view kStyle =
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}h1{font-size:1.5rem}button{font:inherit;padding:.5rem 1rem;margin:.5rem 0;border:2px solid "
    "#1a1a1a;border-radius:.375rem;background:#fff;color:inherit;cursor:pointer}button:focus-visible{outline:3px solid "
    "#1a66cc;outline-offset:2px}fieldset{border:0;margin:0;padding:0}legend{padding:0;font-weight:bold}input{width:1em;"
    "height:1em}small{display:block;margin-left:1.75em}@media(prefers-color-scheme:dark){body,button{background:#111;"
    "color:#eee}button{border-color:#eee}}";

/// Only the page's own style may act, known by its hash, and forms that come back here.
const std::string& policy() {
  static const std::string text = [] {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(kStyle.data(), kStyle.size(), digest.data(), &size, EVP_sha256(), nullptr);
    const std::string hash = to_base64({reinterpret_cast<const char*>(digest.data()), size});
    return "default-src 'none'; style-src 'sha256-" + hash +
           "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
  }();
  return text;
}

/// Its label can be pressed as well, and readers of screens tell the description with it.
std::string choice(const PageChoice& choice, const std::string& id) {
  const bool is_described = !choice.description.empty();
  std::string html = "<p><input type=\"checkbox\" id=\"" + id + "\" name=\"" + escape_html(choice.name) +
                     "\" value=\"" + escape_html(choice.value) + "\"";
  if (is_described) html += " aria-describedby=\"" + id + "-more\"";
  if (choice.is_chosen) html += " checked";
  html += "> <label for=\"" + id + "\">" + escape_html(choice.label) + "</label>";
  if (is_described) html += "<small id=\"" + id + "-more\">" + escape_html(choice.description) + "</small>";
  return html + "</p>\n";
}

std::string choices_of(const PageButton& button) {
  std::size_t number = 0;
  const auto all_of = [&](const std::vector<PageChoice>& choices) {
    std::string html;
    for (const PageChoice& each : choices)
      html += choice(each, "choice-" + std::to_string(++number));
    return html;
  };
  std::string html;
  if (!button.choices.empty())
    html =
        "<fieldset>\n<legend>" + escape_html(button.about) + "</legend>\n" + all_of(button.choices) + "</fieldset>\n";
  return html + all_of(button.choices_apart);
}

std::string form(const PageButton& button) {
  std::string html = button.leads_on ? "<form method=\"get\"" : "<form method=\"post\"";
  if (!button.action.empty()) html += " action=\"" + escape_html(button.action) + "\"";
  html += ">\n";
  for (const auto& [name, value] : button.fields)
    html += "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" + escape_html(value) + "\">\n";
  html += choices_of(button);
  return html + "<button type=\"submit\">" + escape_html(button.label) + "</button>\n</form>\n";
}

}  // namespace

Response as_page(unsigned status, std::string_view title, std::string_view sentence,
                 const std::vector<PageButton>& buttons) {
  const std::string heading = escape_html(title);
  std::string html =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      heading + "</title>\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<main>\n<h1>" + heading +
      "</h1>\n<p>" + escape_html(sentence) + "</p>\n";
  for (const PageButton& button : buttons)
    html += form(button);
  html += "</main>\n</body>\n</html>\n";
  Response response{status, std::move(html), "text/html; charset=utf-8"};
  response.headers = {{"Cache-Control", "no-store"},
                      {"Content-Security-Policy", policy()},
                      {"Referrer-Policy", "no-referrer"},
                      {"X-Robots-Tag", "noindex, nofollow"}};
  return response;
}

Response as_page(const Problem& problem) {
  const auto say = [&](std::string_view title, std::string_view sentence) {
    return as_page(problem.status, title, sentence);
  };
  Response page = [&] {
    switch (problem.status) {
      case 404: return say("There is nothing here", "The address may have been cut off on its way. Copy all of it.");
      case 413: return say("This is too much", "What was sent is longer than can be taken, and nothing was changed.");
      case 429: return say("Please wait a moment", "This was asked for very often, and nothing was changed.");
      case 500:
        return say("This went wrong", "The mistake is ours. Whether anything was changed is not known; try later.");
      case 503:
        if (problem.code == "in-doubt")
          return say("Please look again", "This is still under way: in a moment it is done, or can be tried again.");
        return say("Please try again",
                   "This could not be taken just now, and nothing was changed. Try again in a moment.");
      default: return say("This does not work", "What was sent cannot be understood here, and nothing was changed.");
    }
  }();
  if (problem.retry_after) page.headers.emplace_back("Retry-After", std::to_string(problem.retry_after->count()));
  if (!problem.allow.empty()) page.headers.emplace_back("Allow", problem.allow);
  return page;
}

Response as_pixel() {
  static constexpr std::array<unsigned char, 43> picture = {
      'G',  'I',  'F',  '8',  '9',  'a',  0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00,
      0x00, 0xff, 0xff, 0xff, 0x21, 0xf9, 0x04, 0x01, 0x00, 0x00, 0x00, 0x00, 0x2c, 0x00, 0x00,
      0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3b};
  Response response{200, std::string(picture.begin(), picture.end()), "image/gif"};
  response.headers = {{"Cache-Control", "no-store, private"}};
  return response;
}

}  // namespace caravan::api
