// What a request may say of where it goes and what it wants: targets, cursors, tokens and bodies of any bytes.

#include "engine/api/dispatcher.hpp"
#include "engine/api/json_body.hpp"
#include "engine/api/paging.hpp"

using namespace caravan::api;

namespace {

std::vector<Route> routes() {
  std::vector<Route> all;
  for (const char* path : {"/v1/accounts", "/v1/accounts/{key}", "/v1/accounts/{key}/people"}) {
    Route route;
    route.path = route.id = path;
    route.query = page_parameters({"key", "-key"});
    route.handle = Read();
    all.push_back(std::move(route));
  }
  return all;
}

void expect_sound(const Request& request) {
  try {
    limit_of(request);
    const std::string order = order_of(request, {"key", "-key"});
    cursor_of(request, order);
    JsonBody body(request);
    body.text("key");
    body.finish();
  } catch (const Refused& refused) {
    as_response(refused.problem());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static TokenBook tokens("/nowhere/there/are.tokens");
  static Dispatcher dispatcher(routes(), tokens, {.tokens = DispatchRules::Tokens::none});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  Head head{"GET", std::string(text.substr(0, line)), {{"host", "localhost"}, {"x-forwarded-for", "::1"}}, "127.0.0.1"};
  std::variant<Admitted, Declined> answer = dispatcher.admit(std::move(head), {});
  if (Admitted* admitted = std::get_if<Admitted>(&answer)) {
    admitted->request.body = std::string(text.substr(line));
    expect_sound(admitted->request);
  }
  return 0;
}
