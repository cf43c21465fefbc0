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
    "#1a66cc;outline-offset:2px}@media(prefers-color-scheme:dark){body,button{background:#111;color:#eee}"
    "button{border-color:#eee}}";

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

std::string form(const PageButton& button) {
  std::string html = "<form method=\"post\"";
  if (!button.action.empty()) html += " action=\"" + escape_html(button.action) + "\"";
  html += ">\n";
  for (const auto& [name, value] : button.fields)
    html += "<input type=\"hidden\" name=\"" + escape_html(name) + "\" value=\"" + escape_html(value) + "\">\n";
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
