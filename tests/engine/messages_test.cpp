// A message says what its author wrote with the values that were kept for it; what is wrong with a template is found
// at its place before anything is sent.

#include "engine/messages.hpp"

#include "engine/channels/mime.hpp"
#include "tests/support/catch.hpp"

using namespace caravan;
using namespace std::chrono_literals;

namespace {

using Values = std::vector<std::pair<std::string, AttributeInput>>;

/// A template file as the loader hands it over: the body is the end of the file.
struct File {
  explicit File(const std::string& body, const std::string& subject = "Hello", const std::string& preheader = "") {
    source.path = "emails/welcome.html";
    source.text = "---\nsubject: " + subject + "\npreheader: " + preheader + "\n---\n" + body;
    definition = {.name = "welcome",
                  .place = {&source, 0, 3},
                  .subject = subject,
                  .from = "",
                  .reply_to = "",
                  .preheader = preheader,
                  .body = body};
  }
  SourceFile source;
  EmailTemplateDefinition definition;
};

std::shared_ptr<const Message> compiled(const File& file) {
  Diagnostics diagnostics;
  auto message = compile_message(file.definition, "Seeds <news@seeds.example>", diagnostics);
  CHECK(diagnostics.errors() == 0);
  REQUIRE(message);
  return message;
}

Attributes kept(const Message& message, const Values& values) {
  std::vector<std::pair<NameId, AttributeInput>> inputs;
  for (const auto& [name, value] : values) {
    const auto found = std::find(message.names().begin(), message.names().end(), name);
    if (found == message.names().end()) continue;
    inputs.emplace_back(NameId(static_cast<std::uint32_t>(found - message.names().begin())), value);
  }
  return Attributes().with(inputs);
}

Mail mail_of(const Message& message, const Attributes& values) {
  return std::get<Mail>(message.render(values));
}

Mail rendered(const File& file, const Values& values) {
  const auto message = compiled(file);
  return mail_of(*message, kept(*message, values));
}

/// The body alone, of a template that is a whole document.
std::string body(const std::string& text, const Values& values) {
  const std::string html = rendered(File("<body>" + text + "</body>"), values).html;
  return html.substr(6, html.size() - 13);
}

std::string fault(const File& file) {
  Diagnostics diagnostics;
  CHECK(compile_message(file.definition, "news@seeds.example", diagnostics) == nullptr);
  REQUIRE(diagnostics.sorted().size() == 1);
  const Diagnostic found = diagnostics.sorted().front();
  const Position position = position_of(found.place);
  return std::to_string(position.line) + ":" + std::to_string(position.column) + ": " + found.message;
}

AttributeInput text(std::string value) {
  return {std::move(value)};
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a message is rendered with its values") {
  const Mail mail = rendered(File("<p>Hello {{person.first_name}}</p>", "Seeds for {{account.name}}"),
                             {{"person.first_name", text("Ada")}, {"account.name", text("Acme & Sons")}});
  CHECK(mail.from == "Seeds <news@seeds.example>");
  CHECK(mail.subject == "Seeds for Acme & Sons");
  CHECK(mail.text == "Hello Ada\n");
  CHECK(contains(mail.html, "<p>Hello Ada</p>"));
  CHECK(contains(mail.html, "<!doctype html>"));
  CHECK(mail.key.empty());
  CHECK(mail.to.empty());
}

TEST_CASE("the names of a message stand in the order of their first use") {
  const auto message = compiled(
      File("{{b}} {{a.b}} {{#list}}{{.}}{{inner}}{{/list}} {{{b}}} {{&c}} {{! not this }}", "{{s}} {{b}}", "{{p}}"));
  CHECK(message->name() == "welcome");
  CHECK(message->names() == std::vector<std::string>{"s", "b", "p", "a.b", "list", "inner", "c"});
}

TEST_CASE("values are escaped in the body and not in the subject") {
  const Values values{{"v", text("<b>\"Fish\" & 'chips'</b>")}};
  CHECK(body("{{v}}", values) == "&lt;b&gt;&quot;Fish&quot; &amp; &#39;chips&#39;&lt;/b&gt;");
  CHECK(body("{{{v}}}{{&v}}", values) == "<b>\"Fish\" & 'chips'</b><b>\"Fish\" & 'chips'</b>");
  CHECK(rendered(File("x", "{{v}}"), values).subject == "<b>\"Fish\" & 'chips'</b>");
}

TEST_CASE("every kind of value has a text") {
  CHECK(body("{{v}}", {{"v", {std::int64_t{4200}}}}) == "4200");
  CHECK(body("{{v}}", {{"v", {0.1}}}) == "0.1");
  CHECK(body("{{v}}", {{"v", {3.0}}}) == "3");
  CHECK(body("{{v}}", {{"v", {1e30}}}) == "1e+30");
  CHECK(body("{{v}}", {{"v", {true}}}) == "true");
  CHECK(body("{{v}}", {{"v", {false}}}) == "");
  CHECK(body("{{v}}", {}) == "");
  CHECK(body("{{v}}", {{"v", text("東京")}}) == "東京");
}

TEST_CASE("a section shows what is there, and an inverted one what is not") {
  const std::string both = "{{#v}}yes{{/v}}{{^v}}no{{/v}}";
  CHECK(body(both, {{"v", text("x")}}) == "yes");
  CHECK(body(both, {{"v", {true}}}) == "yes");
  CHECK(body(both, {{"v", {std::int64_t{0}}}}) == "yes");
  CHECK(body(both, {{"v", text("")}}) == "no");
  CHECK(body(both, {{"v", {false}}}) == "no");
  CHECK(body(both, {{"v", {AttributeList{}}}}) == "no");
  CHECK(body(both, {{"v", {AttributeMap{}}}}) == "no");
  CHECK(body(both, {}) == "no");
}

TEST_CASE("a list repeats its section, with names looked up in its elements first") {
  const AttributeList people{{AttributeMap{{"name", text("Ada")}, {"title", text("VP")}}},
                             {AttributeMap{{"name", text("Bob")}}}};
  CHECK(body("{{#people}}{{name}} {{title}} at {{account.name}};{{/people}}",
             {{"people", {people}}, {"account.name", text("Acme")}}) == "Ada VP at Acme;Bob  at Acme;");
  CHECK(body("{{#tags}}[{{.}}]{{/tags}}", {{"tags", {AttributeList{text("a"), text("<b>")}}}}) == "[a][&lt;b&gt;]");
  CHECK(body("{{#a.b}}{{c.d}}{{/a.b}}", {{"a.b", {AttributeMap{{"c", {AttributeMap{{"d", text("deep")}}}}}}}}) ==
        "deep");
  CHECK(body("{{a.b.c}}", {}) == "");
}

TEST_CASE("the preheader is a hidden first line of the HTML and no part of the text") {
  const Mail mail =
      rendered(File("<html><body class=\"a>b\"><p>Hello</p></body></html>", "s", "Hi {{n}}"), {{"n", text("<Ada>")}});
  CHECK(contains(mail.html, "<body class=\"a>b\"><div style=\"display:none"));
  CHECK(contains(mail.html, ">Hi &lt;Ada&gt;</div><p>Hello</p>"));
  CHECK(mail.text == "Hello\n");
}

TEST_CASE("a line break in a value stays out of the subject") {
  CHECK(rendered(File("x", "Hello {{n}}"), {{"n", text("Ada\r\nBcc: thief@evil.example")}}).subject ==
        "Hello Ada  Bcc: thief@evil.example");
}

TEST_CASE("a fault in a template is told at its place in the file") {
  CHECK(fault(File("<p>\n  {{person.first_name</p>")) == "6:3: this tag is not closed");
  CHECK(fault(File("{{{a}} b")) == "5:1: this tag is not closed");
  CHECK(fault(File("x {{#a}} y")) == "5:3: the section \"a\" is not closed");
  CHECK(fault(File("x {{/a}} y")) == "5:3: no section \"a\" is open here");
  CHECK(fault(File("{{#a}}\n{{/b}}")) == "6:1: the section that ends here is \"a\", not \"b\"");
  CHECK(fault(File("{{> header}}")) == "5:1: a template cannot include another");
  CHECK(fault(File("{{=<% %>=}}")) == "5:1: the braces of tags cannot be changed");
  CHECK(fault(File("{{}}")) == "5:1: this tag has no name");
  CHECK(fault(File("{{#}}{{/}}")) == "5:1: this tag has no name");
  CHECK(fault(File("Hi {{first name}}")) == "5:4: \"first name\" is no name of a value");
  CHECK(fault(File("{{a..b}}")) == "5:1: \"a..b\" is no name of a value");
  CHECK(fault(File("{{.}}")) == "5:1: {{.}} is the element of a list, and there is no section around it");
  CHECK(fault(File("x", "Hello {{#n}}")) == "2:16: the section \"n\" is not closed");
  CHECK(fault(File("x", "Hello", "{{ }}")) == "3:12: this tag has no name");
}

TEST_CASE("a sender that is no address is a fault of the template") {
  File file("x");
  file.definition.from = "Seeds at example";
  Diagnostics diagnostics;
  CHECK(compile_message(file.definition, "news@seeds.example", diagnostics) == nullptr);
  CHECK(diagnostics.errors() == 1);
}

TEST_CASE("hostile templates end in a fault, soon") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i)
    deep += "{{#a}}";
  Diagnostics diagnostics;
  CHECK(compile_message(File(deep).definition, "news@seeds.example", diagnostics) == nullptr);
  CHECK(diagnostics.errors() > 0);
  CHECK(compile_message(File(std::string(1'000'000, '{')).definition, "news@seeds.example", diagnostics) == nullptr);
}

TEST_CASE("lists in lists in lists end in a reason and not in a full memory") {
  AttributeList hundred(100, text("x"));
  std::string body;
  for (int i = 0; i < 10; ++i)
    body += "{{#list}}";
  body += "boom";
  for (int i = 0; i < 10; ++i)
    body += "{{/list}}";
  const auto message = compiled(File(body));
  CHECK_THROWS_AS(message->render(kept(*message, {{"list", {hundred}}})), std::runtime_error);
}

TEST_CASE("one message is rendered by many threads") {
  const auto message = compiled(File("<p>{{#list}}{{.}} {{/list}}{{n}}</p>", "{{n}}"));
  const Attributes values = kept(*message, {{"list", {AttributeList(20, text("x"))}}, {"n", text("Ada")}});
  const std::string expected = mail_of(*message, values).html;
  std::vector<int> right(4);
  std::vector<std::thread> threads;
  for (int& count : right) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        count += mail_of(*message, values).html == expected;
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  CHECK(right == std::vector<int>(4, 50));
}

TEST_CASE("the text of HTML reads as if somebody had typed it") {
  CHECK(text_of_html("<p>One\n  two</p><p>three<br>four</p>") == "One two\n\nthree\nfour\n");
  CHECK(text_of_html("<ul><li>a</li><li><b>b</b></li></ul><ol><li>x<li>y</ol>z") == "- a\n- b\n\n1. x\n2. y\n\nz\n");
  CHECK(text_of_html("<ul><li>a<ul><li>b</li></ul></li><li>c</ul>") == "- a\n  - b\n- c\n");
  CHECK(text_of_html("See <a href=\"https://x.example/?a=1&amp;b=2\">the page</a>.") ==
        "See the page (https://x.example/?a=1&b=2).\n");
  CHECK(text_of_html("<a href='https://x.example'>https://x.example</a>") == "https://x.example\n");
  CHECK(text_of_html("<a href=mailto:ada@acme.example>ada@acme.example</a>") == "ada@acme.example\n");
  CHECK(text_of_html("<a href=\"#top\">Top</a> <a href=\"https://x.example\"><img alt=\"Logo\" src=x></a>") ==
        "Top Logo (https://x.example)\n");
  CHECK(text_of_html("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>") == "a b\nc\n");
  CHECK(text_of_html("a<hr>b") == "a\n\n----\n\nb\n");
}

TEST_CASE("entities are decoded, and what is no entity stays") {
  CHECK(text_of_html("Fish &amp; chips &lt;3 &#8364;5 &#x20AC;5 &euro; &uuml;&nbsp;x") ==
        "Fish & chips <3 €5 €5 € ü x\n");
  CHECK(text_of_html("AT&T &nosuch; &; &#xZZ; & a&b;") == "AT&T &nosuch; &; &#xZZ; & a&b;\n");
  CHECK(text_of_html("&#0;&#xD800;&#99999999999;") == "\xEF\xBF\xBD\xEF\xBF\xBD&#99999999999;\n");
  CHECK(text_of_html("soft&shy;hyphen") == "softhyphen\n");
}

TEST_CASE("styles, scripts, titles and comments are no text") {
  CHECK(text_of_html("<head><title>T</title><style>p{}</style></head><script>if (a<b) {}</script><!-- c -->x") ==
        "x\n");
  CHECK(text_of_html("<style>never closed") == "");
  CHECK(text_of_html("a < b <3 c") == "a < b <3 c\n");
}

TEST_CASE("hostile HTML takes time in proportion and has an end") {
  const auto repeat = [](const std::string& part, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
      all += part;
    return all;
  };
  for (const char* part :
       {"<", "<a href=\"", "<!--", "</style", "<style>", "&", "<li>", "<ul>", "<a href=x>", "<p ='>"}) {
    INFO(part);
    CHECK(text_of_html(repeat(part, 300'000)).size() < 5'000'000);
  }
  const std::string long_text = text_of_html(repeat("word ", 1'000'000));
  CHECK(long_text.size() < 1'100'000);
  CHECK(contains(long_text.substr(long_text.size() - 10), "…"));
}
