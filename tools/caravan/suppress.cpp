// caravan suppress: addresses that nobody is to be mailed at, brought in from a list.

#include <fstream>
#include <iostream>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "engine/channels/mime.hpp"
#include "engine/kept_consent.hpp"
#include "engine/lower_case.hpp"
#include "journeys/events.hpp"
#include "tools/caravan/engine_command.hpp"
#include "tools/caravan/file_format.hpp"

namespace caravan::tools {
namespace {

constexpr const char* description =
    "Takes a list of addresses that have unsubscribed, such as the suppression list of another system: one address a "
    "line. They are kept as those of people who were removed are, by a hash: whoever comes by one of them, today or in "
    "a year, has `unsubscribed` set and is sent no mails but operational ones. People of these addresses who are there "
    "already have it set as well, for which all people are gone through once.";

constexpr const char* footer = R"(Examples
  caravan suppress unsubscribed.txt -w my-workspace
  cut -d, -f2 export.csv | caravan suppress - -w my-workspace
  caravan suppress by-mistake.txt --lift -w my-workspace
  caravan show address ada@acme.example -w my-workspace

A first line `email` or `address` is a heading. Lines that are no address are reported as file:line: reason and do not
stop the rest; exit code 1 when there were any. `caravan help links` says who gets which mails. While an engine runs on
the database, nothing is changed: stop it first.)";

struct Options {
  CommandOptions command;
  std::string file;
  bool lift = false;
};

struct List {
  std::set<std::string> addresses;  ///< in lower case
  std::uint64_t refused = 0;
};

std::string without_blanks(std::string_view line) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
  const std::size_t first = line.find_first_not_of(" \t\r\"");
  if (first == std::string_view::npos) return {};
  return std::string(line.substr(first, line.find_last_not_of(" \t\r\"") - first + 1));
}

/// The next line, or as much of it as any address could need; false at the end.
bool read_line(std::istream& in, std::string& line) {
  std::array<char, 1'024> buffer{};
  in.getline(buffer.data(), buffer.size());
  const auto read = static_cast<std::size_t>(in.gcount());
  const bool has_end = !in.fail() && !in.eof();  // which counts as read
  line.assign(buffer.data(), has_end ? read - 1 : read);
  if (!in.fail()) return true;
  if (in.bad() || in.eof() || read + 1 < buffer.size()) return false;
  in.clear();
  in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  return true;
}

/// Reports each line that is no address, up to some.
List read_list(std::istream& in, const std::string& file) {
  constexpr std::uint64_t shown = 20;
  constexpr std::size_t longest_shown = 80;
  List list;
  std::string line;
  for (std::uint64_t number = 1; read_line(in, line); ++number) {
    const std::string text = without_blanks(line);
    if (text.empty()) continue;
    const std::string address = in_lower_case(address_of(text));
    if (!address.empty()) {
      list.addresses.insert(address);
      continue;
    }
    const std::string heading = in_lower_case(text);
    if (number == 1 && (heading == "email" || heading == "address")) continue;
    if (++list.refused <= shown)
      std::cerr << printable(file) << ":" << number << ": \"" << printable(text.substr(0, longest_shown))
                << (text.size() > longest_shown ? "..." : "")
                << "\" is no address; a line holds one, such as ada@acme.example\n";
  }
  if (in.bad()) throw std::system_error(errno, std::generic_category(), file);
  if (list.refused > shown) std::cerr << printable(file) << ": " << list.refused - shown << " more lines are none\n";
  return list;
}

List read_list(const std::string& file) {
  check_readable(file);
  if (file == "-") return read_list(std::cin, "standard input");
  std::ifstream in(file);
  if (!in) throw std::system_error(errno, std::generic_category(), file);
  return read_list(in, file);
}

/// People of these addresses who have not unsubscribed by themselves. Goes through all people.
std::vector<Input> present_people(const List& list, Reader& reader, const NameBook& names) {
  constexpr std::size_t page = 10'000;
  std::vector<Input> inputs;
  std::vector<PersonRecord> people;
  std::optional<PersonId> after;
  do {
    people.clear();
    reader.people_by_id({Order::ascending, after, page}, people);
    for (const PersonRecord& person : people) {
      after = person.id;
      if (is_unsubscribed(person.attributes, names)) continue;
      if (list.addresses.contains(email_of(person.attributes, names)))
        inputs.push_back(UpsertPerson{person.key, {}, {{std::string(kUnsubscribed), {true}}}});
    }
  } while (people.size() == page);
  return inputs;
}

void print(const Options& options, const List& list, std::int64_t changed, std::int64_t people) {
  const auto addresses = static_cast<std::int64_t>(list.addresses.size());
  if (options.command.as_json) {
    boost::json::object object{{"addresses", addresses}, {"changed", changed}, {"refused", list.refused}};
    if (!options.lift) object["people"] = people;
    std::cout << boost::json::serialize(object) << "\n";
    return;
  }
  std::cout << counted(addresses, "address is", "addresses are") << " suppressed"
            << (options.lift ? " no more, " : ", ") << with_separators(changed) << " of them since now";
  if (!options.lift) std::cout << "; " << counted(people, "person has", "people have") << " unsubscribed by it";
  std::cout << "\n";
}

ExitCode suppress(const Options& options) {
  const List list = read_list(options.file);
  CommandStore store(database_file(options.command.data), options.command, CommandStore::Make::yes);
  std::vector<Input> inputs;
  for (const std::string& address : list.addresses)
    inputs.push_back(SuppressAddress{hash_of_address(address), !options.lift});
  std::int64_t changed = 0;
  for (const InputResult& result : store.ask_all(std::move(inputs))) {
    expect_taken(result);
    changed += result.created ? 1 : 0;
  }
  std::int64_t people = 0;
  if (!options.lift) {
    for (const InputResult& result : store.ask_all(present_people(list, store.reader(), store.names()))) {
      expect_taken(result);
      ++people;
    }
  }
  print(options, list, changed, people);
  return list.refused == 0 ? ExitCode::success : ExitCode::faults;
}

}  // namespace

void add_suppress(CLI::App& app, ExitCode& exit_code) {
  CLI::App* command = app.add_subcommand("suppress", description);
  command->footer(footer);
  const auto options = std::make_shared<Options>();
  command->add_option("file", options->file, "The list; - for standard input")->required()->type_name("FILE");
  command->add_flag("--lift", options->lift,
                    "Takes it back: whoever comes by these addresses from now on is mailed; who is there stays as "
                    "they are");
  add_command_options(*command, options->command, Positional::no);
  command->callback([options, &exit_code] { exit_code = suppress(*options); });
}

}  // namespace caravan::tools
