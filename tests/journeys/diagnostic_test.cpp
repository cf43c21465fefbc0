#include "journeys/diagnostic.hpp"

#include "tests/support/catch.hpp"

namespace caravan {
namespace {

Diagnostic at(const SourceFile& file, std::size_t offset, std::size_t length, std::string hint = {}) {
  return {Severity::error, {&file, offset, length}, "something is wrong", std::move(hint)};
}

TEST_CASE("a fault is a line with its place, the source line and a caret line") {
  const SourceFile file{"journeys/a.yaml", "journey: a\nnodess: []\n"};
  CHECK(render(at(file, 11, 6, "did you mean \"nodes\"?"), Colour::never) ==
        "journeys/a.yaml:2:1: error: something is wrong; did you mean \"nodes\"?\n"
        "  nodess: []\n"
        "  ^~~~~~\n");
}

TEST_CASE("columns count characters, not bytes") {
  const SourceFile file{"a", "ü: ö\n"};
  CHECK(render(at(file, 4, 2), Colour::never) == "a:1:4: error: something is wrong\n  ü: ö\n     ^\n");
}

TEST_CASE("a place without length, behind the end or without a file still renders") {
  const SourceFile file{"a", "x"};
  CHECK(render(at(file, 0, 0), Colour::never) == "a:1:1: error: something is wrong\n  x\n  ^\n");
  CHECK(render(at(file, 99, 5), Colour::never) == "a:1:2: error: something is wrong\n  x\n   ^\n");
  const SourceFile empty{"b", ""};
  CHECK(render(at(empty, 0, 1), Colour::never) == "b:1:1: error: something is wrong\n");
  CHECK(render({Severity::warning, {}, "w", ""}, Colour::never) == "warning: w\n");
}

TEST_CASE("a place over several lines is underlined to the end of its first") {
  const SourceFile file{"a", "one two\nthree"};
  CHECK(render(at(file, 4, 9), Colour::never) == "a:1:5: error: something is wrong\n  one two\n      ^~~\n");
}

TEST_CASE("control characters, tabs and bytes that are no text take one visible column each") {
  const SourceFile file{"a", "\tb\x1b[\xFFz"};
  CHECK(render(at(file, 5, 1), Colour::never) == "a:1:6: error: something is wrong\n   b␛[\xEF\xBF\xBDz\n       ^\n");
}

TEST_CASE("of a long line the part around the place is shown") {
  SourceFile file{"a", ""};
  file.text.append(500, 'x').append("HERE").append(500, 'y');
  std::string expected = "a:1:501: error: something is wrong\n  …";
  expected.append(60, 'x').append("HERE").append(46, 'y').append("…\n  ").append(61, ' ').append("^~~~\n");
  CHECK(render(at(file, 500, 4), Colour::never) == expected);
}

TEST_CASE("colours stand around place, severity and caret only when asked for") {
  const SourceFile file{"a", "x"};
  const std::string text = render(at(file, 0, 1), Colour::always);
  CHECK(text.find("\x1b[1;31merror:\x1b[0m") != std::string::npos);
  CHECK(render(at(file, 0, 1), Colour::never).find('\x1b') == std::string::npos);
}

TEST_CASE("faults are sorted by file and place, one fault is kept once, and beyond the limit they are counted") {
  const SourceFile a{"a", "12345"};
  const SourceFile b{"b", "12345"};
  Diagnostics diagnostics(3);
  diagnostics.error({&b, 0, 1}, "b0");
  diagnostics.error({&a, 3, 1}, "a3");
  diagnostics.warning({&a, 1, 1}, "a1");
  diagnostics.error({&a, 3, 1}, "a3");
  diagnostics.error({&a, 4, 1}, "a4");
  std::string order;
  for (const Diagnostic& each : diagnostics.sorted())
    order += each.message + " ";
  CHECK(order == "a1 a3 b0 ");
  CHECK(diagnostics.errors() == 3);
  CHECK(diagnostics.warnings() == 1);
  CHECK(diagnostics.left_out() == 1);
}

TEST_CASE("a near name is meant, a far one is not") {
  const std::vector<std::string> names = {"send_email", "split", "wait", "welcome", "end", "members_required"};
  CHECK(did_you_mean("sendemail", names) == "did you mean \"send_email\"?");
  CHECK(did_you_mean("send-email", names) == "did you mean \"send_email\"?");
  CHECK(did_you_mean("Wait", names) == "did you mean \"wait\"?");
  CHECK(did_you_mean("wiat", names) == "did you mean \"wait\"?");
  CHECK(did_you_mean("spilt", names) == "did you mean \"split\"?");
  CHECK(did_you_mean("member_required", names) == "did you mean \"members_required\"?");
  CHECK(did_you_mean("id", names).empty());
  CHECK(did_you_mean("webhook", names).empty());
  CHECK(did_you_mean("", names).empty());
  CHECK(did_you_mean(std::string(10'000, 'x'), names).empty());
}

}  // namespace
}  // namespace caravan
