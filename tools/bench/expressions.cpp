#include "tools/bench/expressions.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <random>
#include <string>
#include <unordered_set>
#include <vector>

#include <re2/re2.h>

#include "journeys/cel/program.hpp"
#include "storage/attributes.hpp"

namespace caravan::bench {
namespace {

using cel::Evaluation;
using cel::Value;

constexpr std::size_t kAccounts = 1'024;
constexpr std::size_t kPeople = 10;
constexpr std::size_t kEvents = 30;
constexpr std::uint32_t kOtherAttributes = 58;
constexpr NameId kIndustry{20}, kEmployees{40}, kTitle{25}, kScore{45}, kCountry{30};

struct Event {
  std::string_view type;
  cel::Timestamp at;
};

/// An account as the store has it: records of sixty attributes, and its events, newest first.
struct Subject {
  Attributes account;
  std::vector<Attributes> people;
  std::vector<Event> events;
};

Value value_of(const std::optional<AttributeValue>& found) {
  if (!found) return Value::absent();
  switch (found->kind()) {
    case AttributeKind::text: return Value::string(found->text());
    case AttributeKind::integer: return Value::integer(found->integer());
    case AttributeKind::real: return Value::floating(found->real());
    case AttributeKind::yes:
    case AttributeKind::no: return Value::boolean(found->kind() == AttributeKind::yes);
    default: return Value::null();
  }
}

/// What the benchmark's schema knows; the fields' numbers are those of the records.
class RecordType final : public cel::ObjectType {
 public:
  explicit RecordType(std::string_view name) : name_(name) {}
  std::string_view name() const override { return name_; }
  std::optional<Field> field(std::string_view name) const override {
    const auto number = [](NameId id) { return cel::FieldId{static_cast<std::uint32_t>(id)}; };
    if (name == "industry") return Field{number(kIndustry), cel::Type::string()};
    if (name == "country") return Field{number(kCountry), cel::Type::string()};
    if (name == "title") return Field{number(kTitle), cel::Type::string()};
    if (name == "employees") return Field{number(kEmployees), cel::Type::integer()};
    if (name == "score") return Field{number(kScore), cel::Type::integer()};
    return std::nullopt;
  }
  std::vector<std::string> field_names() const override {
    return {"industry", "country", "title", "employees", "score"};
  }

 private:
  std::string_view name_;
};

class RecordObject final : public cel::Object {
 public:
  RecordObject(const cel::ObjectType& type, const Attributes& record) : type_(&type), record_(&record) {}
  const cel::ObjectType& type() const override { return *type_; }
  Value field(cel::FieldId id, Evaluation&) const override {
    return value_of(record_->find(NameId{static_cast<std::uint32_t>(id)}));
  }
  Value field(std::string_view name, Evaluation& evaluation) const override {
    const auto found = type_->field(name);
    return found ? field(found->id, evaluation) : Value::absent();
  }
  Value keys(Evaluation&) const override { return Value::list({}); }

 private:
  const cel::ObjectType* type_;
  const Attributes* record_;
};

Attributes make_record(std::mt19937& random, bool person) {
  const auto pick = [&random]<std::size_t Size>(const std::array<const char*, Size>& words) {
    return std::string{words[random() % Size]};
  };
  std::vector<std::pair<NameId, AttributeInput>> inputs;
  for (std::uint32_t i = 0; i < kOtherAttributes; ++i)
    inputs.push_back({NameId{i < 20 ? i : 100 + i}, {std::string{"value "} + std::to_string(random() % 1000)}});
  if (person) {
    inputs.push_back(
        {kTitle,
         {pick(std::array{"VP Research", "Agronomist", "Director Sales", "Buyer", "Head of Seeds", "Engineer"})}});
    inputs.push_back({kScore, {static_cast<std::int64_t>(random() % 100)}});
  } else {
    inputs.push_back({kIndustry, {pick(std::array{"technology", "agriculture", "finance", "retail"})}});
    inputs.push_back({kEmployees, {static_cast<std::int64_t>(random() % 5000)}});
    inputs.push_back({kCountry, {pick(std::array{"DE", "US", "BR", "IN", "CN", "JP", "NL", "FR", "ZA", "AU"})}});
  }
  return Attributes{}.with(inputs);
}

constexpr cel::Timestamp kNow{1'767'600'000, 0};

std::vector<Subject> make_subjects() {
  std::mt19937 random{20260105};
  std::vector<Subject> subjects(kAccounts);
  for (Subject& subject : subjects) {
    subject.account = make_record(random, false);
    for (std::size_t i = 0; i < kPeople; ++i)
      subject.people.push_back(make_record(random, true));
    std::int64_t at = kNow.seconds;
    for (std::size_t i = 0; i < kEvents; ++i) {
      at -= static_cast<std::int64_t>(random() % 345'600);
      subject.events.push_back({random() % 2 == 0 ? "page.viewed" : "email.opened", {at, 0}});
    }
  }
  return subjects;
}

class EventObject final : public cel::Object {
 public:
  EventObject(const cel::ObjectType& type, const Event& event) : type_(&type), event_(&event) {}
  const cel::ObjectType& type() const override { return *type_; }
  Value field(cel::FieldId, Evaluation&) const override { return Value::string(event_->type); }
  Value field(std::string_view, Evaluation&) const override { return Value::string(event_->type); }
  Value keys(Evaluation&) const override { return Value::list({}); }

 private:
  const cel::ObjectType* type_;
  const Event* event_;
};

/// A subject as expressions see it.
class View final : public cel::Activation {
 public:
  View(const Subject& subject, const cel::ObjectType& account, const cel::ObjectType& person)
      : subject_(&subject), account_(account, subject.account) {
    for (const Attributes& record : subject.people)
      people_.emplace_back(person, record);
    for (const RecordObject& object : people_)
      values_.push_back(Value::object(object));
  }
  const Subject& subject() const { return *subject_; }
  Value variable(cel::Slot slot, Evaluation&) override {
    switch (static_cast<std::uint32_t>(slot)) {
      case 0: return Value::object(account_);
      case 1: return values_.front();
      case 2: return Value::list(values_);
      default: return Value::timestamp(kNow);
    }
  }

 private:
  const Subject* subject_;
  RecordObject account_;
  std::vector<RecordObject> people_;
  std::vector<Value> values_;
};

/// `account.activity(type, window)`: events of the type within the window, newest first.
Value activity(Evaluation& evaluation, std::span<const Value> arguments, const cel::ObjectType& event_type) {
  const Subject& subject = evaluation.host<View>().subject();
  const std::int64_t since = kNow.seconds - arguments[2].as_duration().count() / 1'000'000'000;
  Value* found = evaluation.arena().array<Value>(subject.events.size());
  std::size_t count = 0;
  for (const Event& event : subject.events) {
    if (event.at.seconds < since) break;
    if (event.type == arguments[1].as_text()) found[count++] = evaluation.object<EventObject>(event_type, event);
  }
  return Value::list({found, count});
}

// The same conditions as a programmer would write them.

bool by_hand_comparison(const Subject& subject) {
  const auto industry = subject.account.find(kIndustry);
  if (!industry || industry->kind() != AttributeKind::text || industry->text() != "technology") return false;
  const auto employees = subject.account.find(kEmployees);
  return employees && employees->kind() == AttributeKind::integer && employees->integer() >= 1000;
}

bool by_hand_in(const Subject& subject) {
  static const std::unordered_set<std::string_view> countries{"AT", "BE", "BG", "CY", "CZ", "DE", "DK",
                                                              "EE", "ES", "FI", "FR", "GR", "HR", "HU",
                                                              "IE", "IT", "LT", "LU", "LV", "NL"};
  const auto country = subject.account.find(kCountry);
  return country && country->kind() == AttributeKind::text && countries.contains(country->text());
}

bool by_hand_matches(const Subject& subject) {
  static const RE2 pattern{"(?i)^(chief|vp|head|director)"};
  const auto title = subject.people.front().find(kTitle);
  return title && title->kind() == AttributeKind::text &&
         RE2::PartialMatch(re2::StringPiece{title->text().data(), title->text().size()}, pattern);
}

bool by_hand_exists(const Subject& subject) {
  for (const Attributes& person : subject.people) {
    const auto title = person.find(kTitle);
    if (!title || title->kind() != AttributeKind::text || title->text().find("Agronom") == std::string_view::npos)
      continue;
    const auto score = person.find(kScore);
    if (score && score->kind() == AttributeKind::integer && score->integer() > 80) return true;
  }
  return false;
}

bool by_hand_activity(const Subject& subject) {
  const std::int64_t since = kNow.seconds - std::int64_t{30} * 86'400;
  std::size_t count = 0;
  for (const Event& event : subject.events) {
    if (event.at.seconds < since) break;
    if (event.type == "page.viewed") ++count;
  }
  return count >= 7;
}

struct Contest {
  const char* name;
  const char* expression;
  bool (*by_hand)(const Subject&);
};

constexpr std::array<Contest, 5> kContests{{
    {"comparison", R"cel(account.industry == "technology" && account.employees >= 1000)cel", by_hand_comparison},
    {"in",
     R"cel(account.country in ["AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "NL"])cel",
     by_hand_in},
    {"matches", R"cel(person.title.matches("(?i)^(chief|vp|head|director)"))cel", by_hand_matches},
    {"exists", R"cel(people.exists(p, p.title.contains("Agronom") && p.score > 80))cel", by_hand_exists},
    {"activity", R"cel(account.activity("page.viewed", duration("720h")).size() >= 7)cel", by_hand_activity},
}};

/// Calls a second of `once`, which goes over all subjects: the best of several short runs, so that a neighbour's work
/// on the machine does not count.
template <class Once>
double rate(const Once& once) {
  using Clock = std::chrono::steady_clock;
  double best = 0;
  for (int run = 0; run < 5; ++run) {
    std::size_t rounds = 0;
    const auto start = Clock::now();
    double seconds = 0;
    do {
      once();
      ++rounds;
      seconds = std::chrono::duration<double>(Clock::now() - start).count();
    } while (seconds < 0.1);
    best = std::max(best, static_cast<double>(rounds * kAccounts) / seconds);
  }
  return best;
}

struct Result {
  const Contest* contest;
  double expression_rate = 0;
  double by_hand_rate = 0;
  std::size_t matches = 0;
  bool agrees = true;
};

Result measure(const Contest& contest, const cel::Environment& environment, std::vector<View>& views) {
  const auto compiled = cel::compile(contest.expression, environment, {.expected = cel::Type::boolean()});
  if (!compiled) throw std::logic_error(compiled.diagnostics.front().message);
  Evaluation evaluation;
  const auto evaluate = [&](View& view) {
    evaluation.reset();
    evaluation.set_host(&view);
    return compiled.program->evaluate(view, evaluation).is_true();
  };
  Result result{.contest = &contest};
  for (View& view : views) {
    const bool holds = evaluate(view);
    result.matches += holds ? 1 : 0;
    result.agrees = result.agrees && holds == contest.by_hand(view.subject());
  }
  volatile std::size_t kept = 0;
  result.expression_rate = rate([&] {
    std::size_t count = 0;
    for (View& view : views)
      count += evaluate(view) ? 1 : 0;
    kept = count;
  });
  result.by_hand_rate = rate([&] {
    std::size_t count = 0;
    for (const View& view : views)
      count += contest.by_hand(view.subject()) ? 1 : 0;
    kept = count;
  });
  return result;
}

std::string text(const char* pattern, double number) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), pattern, number);
  return buffer.data();
}

void print_json(const std::vector<Result>& results) {
  std::cout << "{\"expressions\": [";
  const char* separator = "";
  for (const Result& result : results) {
    std::cout << separator << "{\"name\": \"" << result.contest->name
              << "\", \"expression\": " << cel::to_text(Value::string(result.contest->expression))
              << ", \"evaluations_per_second\": " << text("%.0f", result.expression_rate)
              << ", \"cpp_evaluations_per_second\": " << text("%.0f", result.by_hand_rate)
              << ", \"ratio\": " << text("%.2f", result.by_hand_rate / result.expression_rate) << "}";
    separator = ", ";
  }
  std::cout << "]}\n";
}

void print_table(const std::vector<Result>& results) {
  std::printf("%-12s %16s %16s %8s   %s\n", "", "expression/s", "C++/s", "C++ is", "");
  for (const Result& result : results)
    std::printf("%-12s %16.0f %16.0f %7.2fx   %.90s\n", result.contest->name, result.expression_rate,
                result.by_hand_rate, result.by_hand_rate / result.expression_rate, result.contest->expression);
  std::printf("One core, %zu accounts with %zu people of 60 attributes and %zu events each.\n", kAccounts, kPeople,
              kEvents);
  std::fflush(stdout);
}

}  // namespace

int run_expression_bench(bool json) {
  const auto account = std::make_shared<const RecordType>("Account");
  const auto person = std::make_shared<const RecordType>("Person");
  const auto event = std::make_shared<const RecordType>("Event");
  cel::Environment environment;
  environment.add_type(account);
  environment.add_type(person);
  environment.add_type(event);
  environment.declare("account", cel::Type::object(account));
  environment.declare("person", cel::Type::object(person));
  environment.declare("people", cel::Type::list(cel::Type::object(person)));
  environment.declare("now", cel::Type::timestamp());
  environment.add_function("Account.activity(string, duration) -> list(Event)",
                           [event](Evaluation& evaluation, std::span<const Value> arguments) {
                             return activity(evaluation, arguments, *event);
                           });
  const std::vector<Subject> subjects = make_subjects();
  std::vector<View> views;
  views.reserve(subjects.size());
  for (const Subject& subject : subjects)
    views.emplace_back(subject, *account, *person);
  std::vector<Result> results;
  for (const Contest& contest : kContests)
    results.push_back(measure(contest, environment, views));
  if (json)
    print_json(results);
  else
    print_table(results);
  for (const Result& result : results) {
    if (result.agrees && result.matches > 0 && result.matches < kAccounts) continue;
    std::cerr << "the expression and its C++ disagree: " << result.contest->expression << '\n';
    return 1;
  }
  return 0;
}

}  // namespace caravan::bench
