// caravan eval: one expression tried out, with the value or the reason there is none; or conformance vectors run.

#include <fstream>
#include <iostream>
#include <sstream>

#include "journeys/cel/time.hpp"
#include "tools/caravan/command.hpp"
#include "tools/caravan/eval_cases.hpp"
#include "tools/caravan/failure.hpp"

namespace caravan::tools {
namespace {

constexpr const char* kDescription =
    "Evaluates an expression and prints its value.\n\n"
    "An account, person or event is one JSON object: its attributes. `people` is the list under \"people\" in the "
    "account's file. What depends on a workspace (groups, activities, roles) is not known here. The language is "
    "described by `caravan help expressions`.\n\n"
    "With --cases, each line of each file is a case of the language's conformance suite; every failure is printed, and "
    "the last line counts them.";

constexpr const char* kExamples = R"(Examples
  caravan eval '2 + 2'
  caravan eval 'account.industry == "technology"' --account acme.json
  caravan eval 'now - timestamp(account.since) > duration("720h")' --account acme.json
  caravan eval --cases vectors/*.jsonl

Exit codes
  0  there is a value, or every case passed
  1  the expression has faults or no value, or a case failed
See `caravan help exit-codes` for the others.)";

struct Options {
  std::string expression;
  std::string account, person, event, now;
  std::vector<std::string> cases;
};

std::ifstream open(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Failure(ExitCode::environment, path + ": cannot be read");
  return file;
}

boost::json::object read_object(const std::string& path) {
  std::ifstream file = open(path);
  std::stringstream text;
  text << file.rdbuf();
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(text.str(), error);
  if (error || !value.is_object())
    throw Failure(ExitCode::faults, path + ": not a JSON object" + (error ? ": " + error.message() : ""));
  return value.as_object();
}

cel::Value from_json(const boost::json::value& json, cel::Evaluation& keeper) {
  switch (json.kind()) {
    case boost::json::kind::null: return cel::Value::null();
    case boost::json::kind::bool_: return cel::Value::boolean(json.get_bool());
    case boost::json::kind::int64: return cel::Value::integer(json.get_int64());
    case boost::json::kind::uint64: return cel::Value::unsigned_integer(json.get_uint64());
    case boost::json::kind::double_: return cel::Value::floating(json.get_double());
    case boost::json::kind::string: return keeper.text(std::string_view{json.get_string()});
    case boost::json::kind::array: {
      std::vector<cel::Value> elements;
      for (const boost::json::value& element : json.get_array())
        elements.push_back(from_json(element, keeper));
      return keeper.list(elements);
    }
    case boost::json::kind::object: break;
  }
  cel::MapBuilder builder{keeper.arena(), json.get_object().size()};
  if (!builder.ready()) return cel::Evaluation::memory_error();
  for (const auto& [key, value] : json.get_object())
    builder.add(keeper.text(std::string_view{key}), from_json(value, keeper));
  return cel::Value::map(builder.finish());
}

/// The line that a byte of the text is on, with a caret under it.
std::string with_caret(std::string_view text, std::size_t offset, std::size_t length) {
  offset = std::min(offset, text.size());
  const std::size_t before = text.substr(0, offset).rfind('\n');
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view line = text.substr(start, text.find('\n', start) - start);
  std::string result = "  " + std::string{line} + "\n  ";
  for (const char c : line.substr(0, offset - start))
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) result += c == '\t' ? '\t' : ' ';
  result += '^';
  const std::size_t marked = std::min(length, line.size() - (offset - start));
  if (marked > 1) result.append(marked - 1, '~');
  return result + '\n';
}

cel::Timestamp time_of(const std::string& given) {
  if (given.empty()) return cel::Timestamp::from(std::chrono::system_clock::now());
  const auto time = cel::parse_timestamp(given);
  if (!time) throw Failure(ExitCode::usage, "--now: not a point in time such as 2026-01-05T09:00:00Z: " + given);
  return *time;
}

ExitCode evaluate(const Options& options) {
  constexpr std::size_t input_memory = std::size_t{256} << 20;
  cel::Evaluation keeper{cel::Limits{.memory = input_memory}};
  cel::Environment environment;
  cel::Bindings bindings;
  const cel::Type record = cel::Type::map(cel::Type::string(), cel::Type::dyn());
  const auto declare = [&](const char* name, const std::string& path) {
    if (path.empty()) return cel::Value::null();
    const cel::Value value = from_json(read_object(path), keeper);
    if (value.is_error()) throw Failure(ExitCode::faults, path + ": too large");
    bindings.set(environment.declare(name, record), value);
    return value;
  };
  const cel::Value account = declare("account", options.account);
  declare("person", options.person);
  declare("event", options.event);
  if (account.is(cel::Kind::map)) {
    const cel::Value* people = account.as_map().find("people");
    bindings.set(environment.declare("people", cel::Type::list(record)),
                 people && people->is(cel::Kind::list) ? *people : cel::Value::list({}));
  }
  bindings.set(environment.declare("now", cel::Type::timestamp()), cel::Value::timestamp(time_of(options.now)));

  const auto compiled = cel::compile(options.expression, environment);
  for (const cel::Diagnostic& diagnostic : compiled.diagnostics) {
    std::cerr << "error: " << diagnostic.message << '\n'
              << with_caret(options.expression, diagnostic.offset, diagnostic.length);
    if (!diagnostic.hint.empty()) std::cerr << "  hint: " << diagnostic.hint << '\n';
  }
  if (!compiled) return ExitCode::faults;
  cel::Evaluation evaluation;
  const cel::Value value = compiled.program->evaluate(bindings, evaluation);
  if (!value.is_error()) {
    std::cout << cel::to_text(value, std::size_t{1} << 20) << '\n';
    return ExitCode::success;
  }
  std::cerr << "error: " << value.as_error().message << '\n';
  if (value.error_offset() != cel::Value::no_offset)
    std::cerr << with_caret(options.expression, value.error_offset(), 1);
  return ExitCode::faults;
}

ExitCode evaluate_cases(const Options& options) {
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const std::string& path : options.cases) {
    std::ifstream lines = open(path);
    run_cases(lines, [&](const CaseOutcome& outcome) {
      if (outcome.passed) {
        ++passed;
        return;
      }
      ++failed;
      std::cout << path << ": " << outcome.name << "\n  expression  " << outcome.expression << "\n  expected    "
                << outcome.expected << "\n  actual      " << outcome.actual << '\n';
    });
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? ExitCode::success : ExitCode::faults;
}

ExitCode run(const Options& options) {
  if (options.cases.empty() == options.expression.empty())
    throw Failure(ExitCode::usage, "give either an expression or --cases");
  return options.cases.empty() ? evaluate(options) : evaluate_cases(options);
}

}  // namespace

void add_eval(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("eval", "Evaluate an expression");
  command->description(kDescription);
  command->footer(kExamples);
  auto options = std::make_shared<Options>();
  command->add_option("expression", options->expression, "The expression")->option_text("EXPR");
  command->add_option("--account", options->account, "A JSON file with the account's attributes")->option_text("FILE");
  command->add_option("--person", options->person, "A JSON file with the person's attributes")->option_text("FILE");
  command->add_option("--event", options->event, "A JSON file with the event's properties")->option_text("FILE");
  command->add_option("--now", options->now, "What `now` is; the machine's time by default")->option_text("TIME");
  command->add_option("--cases", options->cases, "Conformance vectors to run, JSON lines")->option_text("FILE...");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace caravan::tools
