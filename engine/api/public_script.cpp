// The script that pages load, as it is sent.

#include "engine/api/public_pages.hpp"

namespace caravan::api {
namespace {

/// For pages of the origins: keeps the token that a link of a mail has brought, gives it to forms, and tells that the
/// page was seen. It does nothing for those who did not come by a mail.
constexpr std::string_view kScript = R"js((function () {
  "use strict";
  var script = document.currentScript;
  if (!script) return;
  var home = script.src.replace(/\/caravan\.js.*$/, "");
  var page = new URL(location.href);
  var visitor = page.searchParams.get("caravan");
  if (visitor) {
    page.searchParams.delete("caravan");
    history.replaceState(history.state, "", page.href);
  }
  try {
    if (visitor) localStorage.setItem("caravan", visitor);
    else visitor = localStorage.getItem("caravan");
  } catch (ignored) {
    // Nothing may be kept here: the token is good for this page alone.
  }
  if (!visitor) return;
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.action || String(form.action).indexOf(home + "/f/") !== 0) return;
    var field = form.querySelector("input[name=caravan]");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "caravan";
      form.appendChild(field);
    }
    field.value = visitor;
  }, true);
  page.hash = "";
  navigator.sendBeacon(home + "/b", JSON.stringify({visitor: visitor, url: page.href, title: document.title.slice(0, 70)}));
})();
)js";

}  // namespace

Response as_script() {
  Response response{200, std::string(kScript), "text/javascript; charset=utf-8"};
  response.headers = {{"Cache-Control", "public, max-age=3600"}};
  return response;
}

}  // namespace caravan::api
