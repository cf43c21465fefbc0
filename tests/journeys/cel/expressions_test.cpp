// The examples of the reference page, run: every table whose header is `expression | result`, over the page's account.

#include <fstream>
#include <sstream>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "journeys/cel/program.hpp"
#include "tests/support/catch.hpp"

namespace {

using namespace caravan::cel;

struct Example {
  std::string expression;
  std::string result;
};

struct Page {
  std::string account;
  std::vector<Example> examples;
};

/// What stands in a cell's backticks, with the table's escape of the bar resolved.
std::string code_in(std::string cell) {
  for (std::size_t at = cell.find("\\|"); at != std::string::npos; at = cell.find("\\|", at + 1))
    cell.erase(at, 1);
  const bool two = cell.find("``") != std::string::npos;
  const std::string fence = two ? "``" : "`";
  const std::size_t start = cell.find(fence) + fence.size();
  std::string code = cell.substr(start, cell.rfind(fence) - start);
  if (two && code.size() > 2) code = code.substr(1, code.size() - 2);
  return code;
}

/// The cells of a table's row.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '|' && line[i - 1] != '\\') {
      cells.push_back(cell);
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

Page read_page() {
  std::ifstream file{std::string{CARAVAN_SOURCE_DIR} + "/journeys/cel/expressions.md"};
  Page page;
  bool in_json = false;
  bool in_examples = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      in_json = line == "```json";
    } else if (in_json) {
      page.account += line;
    } else if (!line.starts_with("|")) {
      in_examples = false;
    } else if (line == "| expression | result |") {
      in_examples = true;
    } else if (in_examples && !line.starts_with("| ---")) {
      const auto cells = cells_of(line);
      REQUIRE(cells.size() == 2);
      page.examples.push_back({code_in(cells[0]), code_in(cells[1])});
    }
  }
  return page;
}

Value from_json(const boost::json::value& json, Evaluation& keeper) {
  if (json.is_string()) return keeper.text(std::string_view{json.get_string()});
  if (json.is_int64()) return Value::integer(json.get_int64());
  if (json.is_double()) return Value::floating(json.get_double());
  if (json.is_array()) {
    std::vector<Value> elements;
    for (const auto& element : json.get_array())
      elements.push_back(from_json(element, keeper));
    return keeper.list(elements);
  }
  MapBuilder builder{keeper.arena(), json.as_object().size()};
  for (const auto& [key, value] : json.as_object())
    builder.add(keeper.text(std::string_view{key}), from_json(value, keeper));
  return Value::map(builder.finish());
}

}  // namespace

TEST_CASE("every example of the reference page yields what the page says") {
  const Page page = read_page();
  REQUIRE(page.examples.size() > 150);
  Evaluation keeper;
  const Value account = from_json(boost::json::parse(page.account), keeper);
  const Value people = *account.as_map().find("people");
  Environment environment;
  Bindings bindings;
  const Type record = Type::map(Type::string(), Type::dyn());
  bindings.set(environment.declare("account", record), account);
  bindings.set(environment.declare("people", Type::list(record)), people);
  bindings.set(environment.declare("person", record), people.as_list()[0]);
  bindings.set(environment.declare("now", Type::timestamp()), Value::timestamp({1'767'603'600, 0}));
  for (const Example& example : page.examples) {
    INFO(example.expression);
    const auto compiled = compile(example.expression, environment);
    std::string result;
    if (compiled) {
      Evaluation evaluation;
      const Value value = compiled.program->evaluate(bindings, evaluation);
      result = (value.is_error() ? "error: " : "") + to_text(value);
    } else {
      result = "fault: " + compiled.diagnostics.front().message;
    }
    CHECK(result == example.result);
  }
}

TEST_CASE("the reference page has an example of every function") {
  const Page page = read_page();
  std::string all;
  for (const Example& example : page.examples)
    all += example.expression + "\n";
  std::vector<std::string> missing;
  for (const bool method : {false, true})
    for (const std::string& name : caravan::cel::standard_function_names(method))
      if (all.find((method ? "." : "") + name + "(") == std::string::npos) missing.push_back(name);
  CHECK(missing == std::vector<std::string>{});
}
