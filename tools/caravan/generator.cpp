#include "tools/caravan/generator.hpp"

#include <boost/json/value.hpp>

namespace caravan::tools {
namespace {

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 24> name_starts = {"Green",  "Golden",  "River",   "North", "Sunny", "Silver",
                                                          "Oak",    "Prairie", "Harvest", "Clear", "Stone", "Meadow",
                                                          "Valley", "Amber",   "Cedar",   "Wind",  "Lake",  "High",
                                                          "Clover", "Blue",    "Maple",   "Terra", "Delta", "Copper"};
constexpr std::array<std::string_view, 16> name_ends = {"field", "acre", "brook",  "ridge", "grove", "land",
                                                        "ford",  "dale", "crest",  "haven", "mill",  "wood",
                                                        "gate",  "hill", "spring", "plain"};

struct Industry {
  std::string_view name;
  std::array<std::string_view, 4> suffixes;
};
constexpr std::array<Industry, 5> industries = {{
    {"agriculture", {"Farms", "Growers", "Agronomics", "Seed Growers"}},
    {"technology", {"Systems", "Analytics", "Robotics", "Software"}},
    {"food", {"Foods", "Mills", "Kitchens", "Dairies"}},
    {"chemicals", {"Crop Science", "Nutrients", "Chemicals", "Biologicals"}},
    {"retail", {"Markets", "Trading", "Wholesale", "Supply"}},
}};
/// Half of all are growers: they are whom the sample is about.
constexpr std::array<std::size_t, 10> industry_of_ten = {0, 0, 0, 0, 0, 1, 1, 2, 3, 4};

struct City {
  std::string_view name;
  std::string_view country;
  std::string_view region;
};
constexpr std::array<City, 20> cities = {{
    {"Hannover", "Germany", "emea"},
    {"Toulouse", "France", "emea"},
    {"Wageningen", "Netherlands", "emea"},
    {"Lleida", "Spain", "emea"},
    {"Norwich", "United Kingdom", "emea"},
    {"Bologna", "Italy", "emea"},
    {"Poznań", "Poland", "emea"},
    {"Odense", "Denmark", "emea"},
    {"Nairobi", "Kenya", "emea"},
    {"Des Moines", "United States", "amer"},
    {"Fresno", "United States", "amer"},
    {"Saskatoon", "Canada", "amer"},
    {"Rosario", "Argentina", "amer"},
    {"Londrina", "Brazil", "amer"},
    {"Lincoln", "United States", "amer"},
    {"Toowoomba", "Australia", "apac"},
    {"Pune", "India", "apac"},
    {"Obihiro", "Japan", "apac"},
    {"Hamilton", "New Zealand", "apac"},
    {"Chiang Mai", "Thailand", "apac"},
}};

constexpr std::array<std::string_view, 40> first_names = {
    "Ada",   "Amir",  "Anika",  "Beatriz", "Björn",  "Carlos", "Chiara", "Chloé",  "Daniel",  "Dewi",
    "Elena", "Emeka", "Farah",  "Finn",    "Grace",  "Hana",   "Hugo",   "Ines",   "Ivan",    "Jonas",
    "Kavya", "Kenji", "Lena",   "Liam",    "Łukasz", "Maria",  "Mateo",  "Mei",    "Nadia",   "Noah",
    "Olga",  "Priya", "Rafael", "Rosa",    "Samuel", "Sofia",  "Tariq",  "Thandi", "Wanjiru", "Yusuf"};
constexpr std::array<std::string_view, 40> last_names = {
    "Abebe",   "Almeida",   "Andersson", "Becker", "Bianchi",  "Chen",   "Costa",  "Dubois",   "Eriksen",  "Fernández",
    "Fischer", "García",    "Haddad",    "Hansen", "Ito",      "Jansen", "Kaya",   "Khan",     "Kowalska", "Kumar",
    "Lambert", "Lindqvist", "Mbeki",     "Meyer",  "Moreau",   "Müller", "Nguyen", "Novák",    "Okafor",   "Patel",
    "Rossi",   "Santos",    "Schmidt",   "Silva",  "Sørensen", "Tanaka", "Torres", "van Dijk", "Weber",    "Yılmaz"};

constexpr std::array<std::string_view, 10> deciding_titles = {"Chief Executive Officer",
                                                              "Chief Operating Officer",
                                                              "Chief Technology Officer",
                                                              "VP Operations",
                                                              "VP Research",
                                                              "Head of Procurement",
                                                              "Head of Agronomy",
                                                              "Director of Operations",
                                                              "Director of Innovation",
                                                              "VP Supply Chain"};
constexpr std::array<std::string_view, 6> field_titles = {"Agronomist",      "Senior Agronomist", "Agronomy Lead",
                                                          "Field Scientist", "Crop Advisor",      "Plant Breeder"};
constexpr std::array<std::string_view, 10> other_titles = {
    "Procurement Manager", "IT Manager",        "Data Scientist",     "Farm Manager",      "Sustainability Manager",
    "Finance Controller",  "Marketing Manager", "Operations Analyst", "Warehouse Manager", "Executive Assistant"};

constexpr std::array<std::string_view, 6> sales_people = {"lena.hoffmann", "marc.dupont", "ana.ribeiro",
                                                          "tom.becker",    "yuki.mori",   "grace.otieno"};

/// A number below `range` from the hash of what is asked for; FNV-1a, mixed so that every bit depends on every other.
class Chance {
 public:
  Chance(std::uint64_t seed, std::string_view subject) : hash_(0xcbf29ce484222325ULL ^ seed * 0x9e3779b97f4a7c15ULL) {
    add(subject);
  }

  std::size_t below(std::size_t range, std::string_view purpose) const {
    Chance own = *this;
    own.add(purpose);
    std::uint64_t mixed = own.hash_;
    for (const std::uint64_t factor : {0xbf58476d1ce4e5b9ULL, 0x94d049bb133111ebULL})
      mixed = (mixed ^ mixed >> 30U) * factor;
    return static_cast<std::size_t>((mixed ^ mixed >> 31U) % range);
  }
  std::string_view one_of(Words words, std::string_view purpose) const { return words[below(words.size(), purpose)]; }

 private:
  void add(std::string_view text) {
    for (const char c : text)
      hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    hash_ = (hash_ ^ 0xffU) * 0x100000001b3ULL;
  }
  std::uint64_t hash_;
};

/// Small firms are many, large ones few: the exponent is even, not the number.
std::int64_t made_up_employees(const Chance& chance) {
  constexpr std::array<std::int64_t, 6> magnitudes = {20, 60, 180, 600, 1'800, 6'000};
  const std::int64_t magnitude = magnitudes[chance.below(magnitudes.size(), "magnitude")];
  return magnitude + static_cast<std::int64_t>(chance.below(static_cast<std::size_t>(magnitude) * 2, "employees"));
}

/// Letters without their marks, in lower case; what is no letter is a dot.
std::string mailbox(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> plain = {{{"ö", "oe"},
                                                                                    {"ü", "ue"},
                                                                                    {"é", "e"},
                                                                                    {"á", "a"},
                                                                                    {"í", "i"},
                                                                                    {"ø", "oe"},
                                                                                    {"ı", "i"},
                                                                                    {"Ł", "l"},
                                                                                    {"ń", "n"},
                                                                                    {"ä", "ae"},
                                                                                    {"ç", "c"},
                                                                                    {"ó", "o"}}};
  std::string out;
  while (!name.empty()) {
    const auto marked =
        std::find_if(plain.begin(), plain.end(), [&](const auto& each) { return name.starts_with(each.first); });
    if (marked != plain.end()) {
      out += marked->second;
      name.remove_prefix(marked->first.size());
      continue;
    }
    const char c = name[0];
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
    else if (!out.empty() && out.back() != '.')
      out += '.';
    name.remove_prefix(1);
  }
  while (out.ends_with('.'))
    out.pop_back();
  return out;
}

/// The domain of an account is its key: unique, and nobody's.
std::string domain_of(std::string_view account) {
  std::string domain = mailbox(account);
  std::replace(domain.begin(), domain.end(), '.', '-');
  return (domain.empty() ? "account" : domain) + ".example";
}

std::string four_digits(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return digits.size() < 4 ? std::string(4 - digits.size(), '0') + digits : digits;
}

std::string_view title_of_person(const Chance& chance, std::uint64_t number) {
  if (number == 1) return chance.one_of(deciding_titles, "title");
  if (number == 2) return chance.one_of(field_titles, "title");
  const std::size_t all = deciding_titles.size() + field_titles.size() + 2 * other_titles.size();
  const std::size_t drawn = chance.below(all, "title");
  if (drawn < deciding_titles.size()) return deciding_titles[drawn];
  if (drawn < deciding_titles.size() + field_titles.size()) return field_titles[drawn - deciding_titles.size()];
  return other_titles[(drawn - deciding_titles.size() - field_titles.size()) % other_titles.size()];
}

std::string csv_cell(const boost::json::value& value) {
  if (!value.is_string()) return std::to_string(value.to_number<std::int64_t>());
  const std::string text(value.get_string());
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

boost::json::object made_up_account(std::uint64_t seed, std::uint64_t number) {
  const std::string key = "grw-" + four_digits(number);
  const Chance chance(seed, key);
  const Industry& industry = industries[industry_of_ten[chance.below(industry_of_ten.size(), "industry")]];
  const City& city = cities[chance.below(cities.size(), "city")];
  const std::string name = std::string(chance.one_of(name_starts, "start")) +
                           std::string(chance.one_of(name_ends, "end")) + " " +
                           std::string(chance.one_of(industry.suffixes, "suffix"));
  const std::int64_t employees = made_up_employees(chance);
  const std::int64_t hectares =
      industry.name == "agriculture" ? employees * static_cast<std::int64_t>(1 + chance.below(8, "hectares")) : 0;
  return {{"key", key},
          {"name", name},
          {"industry", industry.name},
          {"region", city.region},
          {"country", city.country},
          {"city", city.name},
          {"employees", employees},
          {"hectares", hectares},
          {"owner_email", std::string(chance.one_of(sales_people, "owner")) + "@sales.example"},
          {"website", "https://www." + domain_of(key)}};
}

std::vector<boost::json::object> made_up_people(std::uint64_t seed, std::string_view account,
                                                std::uint64_t per_account) {
  const Chance of_account(seed, account);
  const std::uint64_t count = std::max<std::uint64_t>(1, per_account / 2 + of_account.below(per_account + 1, "people"));
  std::vector<boost::json::object> people;
  std::map<std::string, int> taken;
  for (std::uint64_t number = 1; number <= count; ++number) {
    const std::string key = std::string(account) + "-" + std::to_string(number);
    const Chance chance(seed, key);
    const std::string first(chance.one_of(first_names, "first"));
    const std::string last(chance.one_of(last_names, "last"));
    std::string address = mailbox(first) + "." + mailbox(last);
    if (const int before = taken[address]++; before > 0) address += std::to_string(before + 1);
    people.push_back({{"key", key},
                      {"account", account},
                      {"first_name", first},
                      {"last_name", last},
                      {"title", title_of_person(chance, number)},
                      {"email", address + "@" + domain_of(account)}});
  }
  return people;
}

bool is_advisor(std::uint64_t seed, std::string_view person, std::uint64_t percent) {
  return Chance(seed, person).below(100, "advisor") < percent;
}

std::string csv_line(const boost::json::object& record) {
  std::string line;
  for (const auto& member : record)
    line += (line.empty() ? "" : ",") + csv_cell(member.value());
  return line + "\n";
}

std::string csv_header(const boost::json::object& record) {
  std::string line;
  for (const auto& member : record)
    line += (line.empty() ? "" : ",") + std::string(member.key());
  return line + "\n";
}

}  // namespace caravan::tools
