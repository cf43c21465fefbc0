// caravan groups: buying groups listed and filtered, and the accounts whose groups miss somebody, for ad platforms.

#include "tools/caravan/groups.hpp"

#include <iostream>

#include <boost/json/serialize.hpp>

#include "engine/journey_library.hpp"
#include "tools/caravan/engine_command.hpp"
#include "tools/caravan/option_checks.hpp"
#include "tools/caravan/report/company_list.hpp"
#include "tools/caravan/terminal/table.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Lists buying groups: of which account and solution interest, their stage and status, how complete and how engaged "
    "they are, and which roles are missing.\n"
    "It only looks, and can be asked beside a running engine. The commands below it change a group by hand, score "
    "engagement now, or export companies for ad platforms.";

constexpr const char* footer = R"(Examples
  caravan groups my-workspace --missing decision_maker
  caravan groups my-workspace --interest ai-driven-seeds --completeness 50..99 --engagement 60..
  caravan groups -w my-workspace --json | jq -r .account
  caravan groups export -w my-workspace --interest ai-driven-seeds > companies.csv
  caravan groups assign acme ai-driven-seeds acme-vp --role decision_maker -w my-workspace

Percentages and scores are compared as they are shown, rounded. All about it: `caravan help groups`.)";

constexpr const char* export_description =
    "Exports the accounts that have a group which misses a role, as a company list (CSV).\n"
    "It is what ad platforms take for matched audiences: companyname, companywebsite, companyemaildomain, industry, "
    "city, companycountry. They come from the attributes name, website, domain (else that of the website), industry, "
    "city and country. Each "
    "account stands there once. One without a name and a website is left out.";

constexpr const char* export_footer = R"(Which groups: the filters of `caravan groups`, all but --limit.

Examples
  caravan groups export -w my-workspace > companies.csv
  caravan groups export -w my-workspace --missing influencer --stage Engaged > companies.csv)";

/// Rows that a table has where nobody says how many; JSON lines are all there are.
constexpr std::size_t rows_of_a_table = 1'000;

/// A store that is only looked at, with what is published of buying groups.
class GroupStore {
 public:
  explicit GroupStore(const GroupOptions& options)
      : store_(open_for_reading(database_file(options.data))),
        reader_(store_->reader()),
        names_(*reader_),
        definitions_(JourneyLibrary(*store_, names_).definitions()) {}

  Reader& reader() { return *reader_; }
  const NameBook& names() const { return names_; }
  const Definitions* definitions() const { return definitions_.get(); }

 private:
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  NameBook names_;
  std::shared_ptr<const Definitions> definitions_;
};

std::optional<HundredRange> range_of(const std::string& option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::optional<HundredRange> range = parse_hundred_range(text);
  if (!range)
    throw Failure(
        ExitCode::usage,
        option + " takes whole numbers from 0 to 100, such as 50..80, 50.. or ..80; this is \"" + text + "\"");
  return range;
}

GroupFilter filter_of(const GroupOptions& options) {
  GroupFilter filter = options.filter;
  filter.completeness = range_of("--completeness", options.completeness);
  filter.engagement = range_of("--engagement", options.engagement);
  return filter;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words)
    all += (all.empty() ? "" : ", ") + word;
  return all;
}

/// Prints groups as they come: lines of JSON at once, a table at the end.
class GroupPrinter {
 public:
  GroupPrinter(const GroupOptions& options, Instant now)
      : options_(options), now_(now), table_(columns(options.is_wide)) {}

  /// False when no more are wanted, or nobody reads them.
  bool add(const GroupLine& line) {
    if (printed_ == most()) {
      is_cut_ = true;
      return false;
    }
    ++printed_;
    if (options_.as_json) {
      std::cout << boost::json::serialize(as_json(line)) << "\n";
    } else {
      add_row(line);
    }
    return static_cast<bool>(std::cout);
  }

  void finish() const {
    if (options_.as_json) return;
    if (table_.empty()) std::cout << "no buying groups\n";
    if (!table_.empty()) std::cout << table_.render(Terminal::output());
    if (is_cut_) std::cout << "and more: --limit N shows so many, --json all of them\n";
  }

 private:
  static std::vector<TableColumn> columns(bool is_wide) {
    std::vector<TableColumn> all = {{"account"},
                                    {"interest"},
                                    {"stage"},
                                    {"for", Align::right},
                                    {"status"},
                                    {"complete", Align::right},
                                    {"engaged", Align::right},
                                    {"members", Align::right},
                                    {"misses"}};
    if (is_wide) all.insert(all.end() - 1, {{"raw", Align::right}, {"made at"}});
    return all;
  }

  std::size_t most() const {
    if (options_.limit != 0) return options_.limit;
    return options_.as_json ? std::numeric_limits<std::size_t>::max() : rows_of_a_table;
  }

  void add_row(const GroupLine& line) {
    const GroupRecord& group = line.record;
    const bool is_complete = line.completeness && line.missing.empty();
    std::vector<TableCell> row = {{printable(line.account.key)},
                                  {printable(line.interest), Style::faint},
                                  {printable(line.stage), Style::accent},
                                  {group.stage_since ? stretch_since(*group.stage_since, now_) : "", Style::faint},
                                  {printable(line.status)},
                                  {line.completeness ? std::to_string(shown(*line.completeness)) + " %" : "–",
                                   is_complete ? Style::good : Style::plain},
                                  figure(shown(group.engagement)),
                                  figure(members_of(group))};
    if (options_.is_wide) {
      row.push_back({with_two_decimals(group.raw_engagement)});
      row.push_back({short_time(group.created_at), Style::faint});
    }
    row.push_back({printable(joined(line.missing)), Style::warning});
    table_.add_row(std::move(row));
  }

  const GroupOptions& options_;
  const Instant now_;
  Table table_;
  std::size_t printed_ = 0;
  bool is_cut_ = false;
};

ExitCode list(const GroupOptions& options) {
  const GroupFilter filter = filter_of(options);
  GroupStore store(options);
  expect_known_names(filter, store.definitions());
  const Instant now = present_of(store.reader().engine_time(), machine_time());
  GroupPrinter printer(options, now);
  GroupReader(store.reader(), store.names(), store.definitions()).each(filter, [&](const GroupLine& line) {
    return printer.add(line);
  });
  printer.finish();
  return ExitCode::success;
}

/// Prints the accounts of groups that come account by account, each once.
class CompanyPrinter {
 public:
  explicit CompanyPrinter(const NameBook& names) : names_(names) { std::cout << company_list_header(); }

  bool add(const GroupLine& line) {
    if (line.missing.empty() || line.account.id == last_) return true;
    last_ = line.account.id;
    const std::optional<std::string> written = company_list_line(line.account, names_);
    if (!written) ++left_out_;
    if (written) std::cout << *written;
    return static_cast<bool>(std::cout);
  }
  std::int64_t left_out() const { return left_out_; }

 private:
  const NameBook& names_;
  AccountId last_;
  std::int64_t left_out_ = 0;
};

ExitCode export_companies(const GroupOptions& options) {
  const GroupFilter filter = filter_of(options);
  GroupStore store(options);
  // Without them nobody knows what is missing, and an empty list would say that nothing is.
  expect_definitions(store.definitions());
  expect_known_names(filter, store.definitions());
  CompanyPrinter printer(store.names());
  GroupReader(store.reader(), store.names(), store.definitions()).each(filter, [&](const GroupLine& line) {
    return printer.add(line);
  });
  if (printer.left_out() > 0)
    std::cerr << counted(printer.left_out(), "account is", "accounts are")
              << " left out: neither `name` nor `website` is known\n";
  return ExitCode::success;
}

void add_filters(CLI::App& command, GroupOptions& options) {
  command.add_option("--account", options.filter.account, "Only this account's")->type_name("KEY");
  command.add_option("--interest", options.filter.interest, "Only of this solution interest")->type_name("NAME");
  command.add_option("--stage", options.filter.stage, "Only at this stage")->type_name("NAME");
  command.add_option("--status", options.filter.status, "Only of this status")->type_name("TEXT");
  command.add_option("--missing", options.filter.missing, "Only those that miss this role")->type_name("ROLE");
  command.add_option("--completeness", options.completeness, "Only from A to B percent; also A.. and ..B")
      ->type_name("A..B");
  command.add_option("--engagement", options.engagement, "Only with a score from A to B; also A.. and ..B")
      ->type_name("A..B");
}

constexpr std::array<std::string_view, 7> filters = {"--account", "--interest",     "--stage",     "--status",
                                                     "--missing", "--completeness", "--engagement"};

}  // namespace

void expect_no_other_options(const CLI::App& groups, const std::string& name, std::span<const std::string_view> known) {
  constexpr std::array<std::string_view, 2> of_all = {"--workspace", "--database"};
  for (const CLI::Option* option : groups.get_options()) {
    const std::string given = option->get_lnames().empty() ? option->get_name() : "--" + option->get_lnames().front();
    const bool is_known = std::find(known.begin(), known.end(), given) != known.end() ||
                          std::find(of_all.begin(), of_all.end(), given) != of_all.end();
    if (option->count() > 0 && !is_known)
      throw Failure(ExitCode::usage,
                    given + " is not for `groups " + name + "`: see `caravan groups " + name + " --help`");
  }
}

void add_groups(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("groups", description);
  command->footer(footer);
  command->require_subcommand(0, 1);
  const auto options = std::make_shared<GroupOptions>();
  add_data_options(*command, options->data, Positional::yes);
  add_filters(*command, *options);
  command->add_option("--limit", options->limit, "At most so many lines (default: 1,000; with --json, all)")
      ->check(at_least(1))
      ->type_name("N");
  command->add_flag("--wide", options->is_wide, "With the raw score, and when each was made");
  command->add_flag("--json", options->as_json, "As JSON, one object a line");
  command->callback([command, options, &exit_code] {
    if (command->get_subcommands().empty()) exit_code = list(*options);
  });
  CLI::App* exported = command->add_subcommand("export", export_description);
  exported->footer(export_footer);
  exported->fallthrough();
  exported->group("For ad platforms");
  exported->callback([command, options, &exit_code] {
    expect_no_other_options(*command, "export", filters);
    exit_code = export_companies(*options);
  });
  add_groups_by_hand(*command, options, exit_code);
}

}  // namespace caravan::tools
