// caravan audiences, lists and destinations: who is in them, and for lists and destinations how that came to change.

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/report/membership.hpp"
#include "tools/caravan/data_place.hpp"
#include "tools/caravan/option_checks.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr const char* audiences_description =
    "Shows the audiences that published journeys draw from and how many accounts are in each; with a name, who.\n"
    "An audience is evaluated while `caravan serve` runs: what it shows is what the engine knows.";

constexpr const char* lists_description =
    "Shows the static lists of caravan.yaml and how many accounts or people are in each; with a name, who. --changes "
    "shows who came and went, in order.";

constexpr const char* destinations_description =
    "Shows the destinations of caravan.yaml and how many accounts or people are active in each; with a name, who.\n"
    "--changes is the feed that a connector reads: every line has a number, and --after goes on behind the last one "
    "read.";

/// Rows that a table has where nobody says how many; JSON lines are all there are.
constexpr std::size_t rows_of_a_table = 1'000;

struct Options {
  DataOptions data;
  std::string name;
  bool shows_changes = false;
  std::int64_t after = 0;
  std::size_t limit = 0;  ///< 0: not given
  bool as_json = false;

  std::size_t most() const {
    if (limit != 0) return limit;
    return as_json ? std::numeric_limits<std::size_t>::max() : rows_of_a_table;
  }
};

void print(const boost::json::object& object) {
  std::cout << boost::json::serialize(object) << "\n";
}

boost::json::object as_json(const WhoIsIn& who) {
  boost::json::object object;
  if (!who.account.empty()) object["account"] = who.account;
  if (!who.person.empty()) object["person"] = who.person;
  return object;
}

/// Prints members as they come: lines of JSON at once, a table at the end.
class MemberPrinter {
 public:
  enum class With { members, changes };
  MemberPrinter(const Options& options, With with)
      : options_(options),
        with_(with),
        table_(with == With::members
                   ? std::vector<TableColumn>{{"account"}, {"person"}, {"since"}}
                   : std::vector<TableColumn>{{"number", Align::right}, {"what"}, {"account"}, {"person"}, {"at"}}) {}

  /// False when no more are wanted, or nobody reads them.
  bool add(const MemberLine& line) {
    if (printed_ == options_.most()) {
      is_cut_ = true;
      return false;
    }
    ++printed_;
    options_.as_json ? add_json(line) : add_row(line);
    return static_cast<bool>(std::cout);
  }

  void finish() const {
    if (options_.as_json) return;
    if (table_.empty()) std::cout << (with_ == With::members ? "nobody\n" : "no changes\n");
    if (!table_.empty()) std::cout << table_.render(Terminal::output());
    if (!is_cut_) return;
    std::cout << "and more: --limit N shows so many, --json all of them";
    if (with_ == With::changes) std::cout << ", --after " << last_ << " what follows";
    std::cout << "\n";
  }

 private:
  void add_json(const MemberLine& line) const {
    boost::json::object object = as_json(line.who);
    if (with_ == With::changes) {
      object["number"] = line.number;
      object["change"] = line.in ? "in" : "out";
    }
    object[with_ == With::changes ? "at" : "since"] = to_text(line.at);
    print(object);
  }

  void add_row(const MemberLine& line) {
    last_ = line.number;
    const TableCell account{printable(line.who.account)};
    const TableCell person{printable(line.who.person)};
    if (with_ == With::members) {
      table_.add_row({account, person, {short_time(line.at), Style::faint}});
    } else {
      table_.add_row({{std::to_string(line.number), Style::faint},
                      line.in ? TableCell{"in", Style::good} : TableCell{"out", Style::warning},
                      account,
                      person,
                      {short_time(line.at), Style::faint}});
    }
  }

  const Options& options_;
  const With with_;
  Table table_;
  std::size_t printed_ = 0;
  std::int64_t last_ = 0;
  bool is_cut_ = false;
};

[[noreturn]] void fail_unknown(std::string_view what, const std::string& name, const std::vector<MemberSet>& known) {
  std::vector<std::string> names;
  for (const MemberSet& set : known)
    names.push_back(set.name);
  const std::string meant = did_you_mean(name, names);
  throw Failure(ExitCode::faults, "no published journey knows the " + std::string(what) + " \"" + name + "\"" +
                                      (meant.empty() ? "" : "; " + meant));
}

/// All of a kind, with how many are in each.
void show_all(const std::vector<MemberSet>& sets, MembershipReader& reader, const Options& options,
              std::string_view what) {
  if (options.as_json) {
    boost::json::array all;
    for (const MemberSet& set : sets) {
      all.push_back({{"name", set.name}, {"title", set.title}, {"of", set.of}, {"members", reader.count(set)}});
    }
    return print({{std::string(what) + "s", std::move(all)}});
  }
  if (sets.empty()) {
    std::cout << "no published journey has " << (what == "audience" ? "an " : "a ") << what << "\n";
    return;
  }
  Table table({{std::string(what)}, {"title"}, {"of"}, {"members", Align::right}});
  for (const MemberSet& set : sets) {
    table.add_row({{printable(set.name)}, {printable(set.title)}, {set.of, Style::faint}, figure(reader.count(set))});
  }
  std::cout << table.render(Terminal::output());
}

ExitCode show(MemberSet::Kind kind, std::string_view what, const Options& options) {
  if (options.name.empty() && options.shows_changes) {
    throw Failure(ExitCode::usage, "whose changes? Name a " + std::string(what));
  }
  if (options.after != 0 && !options.shows_changes) throw Failure(ExitCode::usage, "--after goes with --changes");
  const auto store = open_for_reading(database_file(options.data));
  const auto reader = store->reader();
  NameBook names(*reader);
  JourneyLibrary library(*store, names);
  const std::vector<MemberSet> sets = member_sets(library, kind);
  MembershipReader membership(*reader, names);
  if (options.name.empty()) {
    show_all(sets, membership, options, what);
    return ExitCode::success;
  }
  const auto set =
      std::find_if(sets.begin(), sets.end(), [&](const MemberSet& each) { return each.name == options.name; });
  if (set == sets.end()) fail_unknown(what, options.name, sets);
  MemberPrinter printer(options, options.shows_changes ? MemberPrinter::With::changes : MemberPrinter::With::members);
  const auto add = [&](const MemberLine& line) { return printer.add(line); };
  options.shows_changes ? membership.each_change(*set, options.after, add) : membership.each_member(*set, add);
  printer.finish();
  return ExitCode::success;
}

void add(CLI::App& app, ExitCode& exit_code, const char* description, MemberSet::Kind kind, const std::string& what) {
  CLI::App* command = app.add_subcommand(what + "s", description);
  const std::string call = "  caravan " + what + "s";
  const auto options = std::make_shared<Options>();
  command->add_option("name", options->name, "Which one; without it, all of them")->type_name("NAME");
  add_data_options(*command, options->data, Positional::no);
  std::string examples = "Examples\n" + call + " -w my-workspace\n" + call + " growers -w my-workspace --json";
  if (kind != MemberSet::Kind::audience) {
    command->add_flag("--changes", options->shows_changes, "Who came and who went, instead of who is in");
    command->add_option("--after", options->after, "With --changes: only those behind this number")
        ->check(at_least(0))
        ->type_name("N");
    examples += "\n" + call + " growers -w my-workspace --changes --after 4200 --json";
  }
  command->footer(examples);
  command->add_option("--limit", options->limit, "At most so many lines (default: 1,000; with --json, all)")
      ->check(at_least(1))
      ->type_name("N");
  command->add_flag("--json", options->as_json, "As JSON; with a name, one object a line");
  command->callback([options, kind, what, &exit_code] { exit_code = show(kind, what, *options); });
}

}  // namespace

void add_members(CLI::App& app, ExitCode& exit_code) {
  add(app, exit_code, audiences_description, MemberSet::Kind::audience, "audience");
  add(app, exit_code, lists_description, MemberSet::Kind::list, "list");
  add(app, exit_code, destinations_description, MemberSet::Kind::destination, "destination");
}

}  // namespace caravan::tools
