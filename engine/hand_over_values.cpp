#include "engine/hand_over_values.hpp"

#include "engine/channels/mime.hpp"
#include "engine/one_line.hpp"
#include "journeys/duration.hpp"

namespace caravan {
namespace {

void put(AttributeMap& to, std::string_view name, std::string text) {
  if (!text.empty()) to.emplace_back(name, AttributeInput{std::move(text)});
}

void put(AttributeMap& to, std::string_view name, std::optional<Instant> at) {
  if (at) to.emplace_back(name, AttributeInput{*at});
}

std::string one_decimal(double number) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, 1);
  return error == std::errc() ? std::string(text.data(), end) : std::string();
}

/// `05 Jan 2026`, as wide as every other.
std::string day_of(Instant at, std::string_view timezone) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date(
      std::chrono::floor<std::chrono::days>(local_time_at(at, timezone.empty() ? "UTC" : timezone)));
  const auto day = static_cast<unsigned>(date.day());
  return (day < 10 ? "0" : "") + std::to_string(day) + " " +
         std::string(months.at(static_cast<unsigned>(date.month()) - 1)) + " " +
         std::to_string(static_cast<int>(date.year()));
}

/// `decision_maker` as `Decision maker`.
std::string in_words(std::string_view name) {
  std::string words = one_line(name);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z') words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

std::string text_of(const AttributeInput& number_or_text) {
  if (const auto* text = std::get_if<std::string>(&number_or_text.value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&number_or_text.value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&number_or_text.value)) {
    return std::nearbyint(*real) == *real && std::abs(*real) < 1e15 ? std::to_string(std::llround(*real))
                                                                    : one_decimal(*real);
  }
  return {};
}

constexpr bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Where a website leads; empty for what is no address of one.
std::string link_to(std::string_view website) {
  const auto fits = [](char c) {
    return is_plain(c) || std::string_view("-._~:/?#&=%+,@").find(c) != std::string::npos;
  };
  if (website.empty() || !std::all_of(website.begin(), website.end(), fits)) return {};
  if (website.starts_with("https://") || website.starts_with("http://")) return std::string(website);
  const std::string_view host = website.substr(0, website.find_first_of("/?#"));
  const bool is_host =
      host.find('.') != std::string::npos && is_plain(host.front()) && host.find_first_of(":@%") == std::string::npos;
  return is_host ? "https://" + std::string(website) : std::string();
}

/// The address behind `mailto:`, so that nothing in it can add to the mail; empty for what is no address.
std::string mail_to(std::string_view email) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : address_of(email)) {
    if (is_plain(c) || std::string_view("@.-_+").find(c) != std::string::npos) {
      encoded += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

/// The number behind `tel:`; empty for what has no digits, or letters.
std::string dial(std::string_view phone) {
  std::string number;
  for (const char c : phone) {
    if (c >= '0' && c <= '9') number += c;
    if (c == '+' && number.empty()) number += c;
    if (std::string_view("0123456789+ -/.()").find(c) == std::string::npos) return {};
  }
  return number.size() > 2 ? number : std::string();
}

AttributeInput bar(std::int64_t percent) {
  const std::int64_t done = std::clamp<std::int64_t>(percent, 0, 100);
  AttributeMap cells;
  if (done > 0) cells.emplace_back("done", AttributeInput{done});
  if (done < 100) cells.emplace_back("left", AttributeInput{100 - done});
  return {std::move(cells)};
}

/// A list under its name, and under `any` that it has something in it.
void put_list(AttributeMap& to, std::string_view any, std::string_view name, AttributeList list) {
  if (list.empty()) return;
  to.emplace_back(any, AttributeInput{true});
  to.emplace_back(name, AttributeInput{std::move(list)});
}

std::string place_of(const HandOver::Account& account) {
  const bool has_both = !account.city.empty() && !account.country.empty();
  return account.city + (has_both ? ", " : "") + account.country;
}

/// What is known of the account beside its name and its website, in one line.
std::string about(const HandOver::Account& account) {
  const std::string employees = text_of(account.employees);
  std::string line;
  for (const std::string& part : {account.name.empty() ? std::string() : one_line(account.key), account.industry,
                                  employees.empty() ? std::string() : employees + " employees", place_of(account)}) {
    if (!part.empty()) line += (line.empty() ? "" : " · ") + part;
  }
  return line;
}

void put_account(AttributeMap& to, const HandOver::Account& account) {
  put(to, "account.key", one_line(account.key));
  put(to, "account.name", account.name);
  put(to, "account.industry", account.industry);
  put(to, "account.website", account.website);
  put(to, "account.link", link_to(account.website));
  put(to, "account.place", place_of(account));
  put(to, "account.employees", text_of(account.employees));
  put(to, "account.about", about(account));
}

void put_group(AttributeMap& to, const HandOver& told) {
  to.emplace_back("group.completeness", AttributeInput{told.completeness});
  to.emplace_back("group.completeness_bar", bar(told.completeness));
  if (told.engagement) {
    to.emplace_back("group.engagement", AttributeInput{told.engagement->score});
    to.emplace_back("group.engagement_bar", bar(told.engagement->score));
    put(to, "group.raw_engagement", one_decimal(told.engagement->raw));
  }
  put(to, "group.stage", one_line(told.stage));
  if (told.stage_since) put(to, "group.since", day_of(*told.stage_since, told.timezone));
  put(to, "group.status", told.status);
  if (told.member_count > 0) put(to, "group.members", std::to_string(told.member_count));
}

AttributeList roles_in_words(const HandOver& told) {
  AttributeList roles;
  for (const HandOver::Role& each : told.missing_roles) {
    AttributeMap role;
    put(role, "role", in_words(each.role));
    role.emplace_back("members", AttributeInput{each.members});
    role.emplace_back("required", AttributeInput{each.required});
    roles.push_back({std::move(role)});
  }
  return roles;
}

AttributeList moments_in_words(const HandOver& told) {
  AttributeList moments;
  for (const HandOver::Moment& each : told.moments) {
    AttributeMap moment;
    put(moment, "date", day_of(each.at, told.timezone));
    put(moment, "description", each.description.empty() ? in_words(each.kind) : each.description);
    put(moment, "person", each.name);
    moments.push_back({std::move(moment)});
  }
  return moments;
}

AttributeInput member_in_words(const HandOver::Member& told, std::size_t number, std::string_view timezone) {
  AttributeMap member;
  put(member, "number", std::to_string(number));
  put(member, "name", told.name);
  put(member, "title", told.title);
  put(member, "role", in_words(told.role));
  if (told.engagement) put(member, "score", std::to_string(told.engagement->score));
  put(member, "email", told.email);
  put(member, "mail_to", mail_to(told.email));
  put(member, "phone", told.phone);
  put(member, "dial", dial(told.phone));
  put(member, "mobile", told.mobile);
  put(member, "dial_mobile", dial(told.mobile));
  AttributeList activities;
  for (const HandOver::Activity& each : told.activities) {
    AttributeMap activity;
    put(activity, "date", day_of(each.at, timezone));
    put(activity, "words", each.words);
    activities.push_back({std::move(activity)});
  }
  if (!activities.empty()) member.emplace_back("activities", AttributeInput{std::move(activities)});
  return {std::move(member)};
}

AttributeInput account_for_programs(const HandOver::Account& told) {
  AttributeMap account;
  put(account, "key", told.key);
  put(account, "name", told.name);
  put(account, "industry", told.industry);
  put(account, "website", told.website);
  if (!std::holds_alternative<std::monostate>(told.employees.value)) account.emplace_back("employees", told.employees);
  put(account, "city", told.city);
  put(account, "country", told.country);
  return {std::move(account)};
}

void put_scores(AttributeMap& to, const std::optional<HandOver::Score>& score) {
  if (!score) return;
  to.emplace_back("engagement", AttributeInput{score->score});
  to.emplace_back("raw_engagement", AttributeInput{score->raw});
}

AttributeInput group_for_programs(const HandOver& told) {
  AttributeMap group;
  group.emplace_back("completeness", AttributeInput{told.completeness});
  put_scores(group, told.engagement);
  put(group, "stage", told.stage);
  put(group, "stage_since", told.stage_since);
  put(group, "status", told.status);
  group.emplace_back("members", AttributeInput{told.member_count});
  return {std::move(group)};
}

AttributeInput roles_for_programs(const HandOver& told) {
  AttributeList roles;
  for (const HandOver::Role& each : told.missing_roles) {
    roles.push_back({AttributeMap{{"role", AttributeInput{each.role}},
                                  {"members", AttributeInput{each.members}},
                                  {"members_required", AttributeInput{each.required}}}});
  }
  return {std::move(roles)};
}

AttributeInput moments_for_programs(const HandOver& told) {
  AttributeList moments;
  for (const HandOver::Moment& each : told.moments) {
    AttributeMap moment;
    put(moment, "at", each.at);
    put(moment, "kind", each.kind);
    put(moment, "description", each.description);
    if (!each.person.empty()) {
      moment.emplace_back("person", AttributeInput{AttributeMap{{"key", AttributeInput{each.person}},
                                                                {"name", AttributeInput{each.name}}}});
    }
    moments.push_back({std::move(moment)});
  }
  return {std::move(moments)};
}

AttributeInput members_for_programs(const HandOver& told) {
  AttributeList members;
  for (const HandOver::Member& each : told.members) {
    AttributeMap member;
    put(member, "key", each.key);
    put(member, "name", each.name);
    put(member, "title", each.title);
    put(member, "role", each.role);
    put_scores(member, each.engagement);
    put(member, "email", each.email);
    put(member, "phone", each.phone);
    put(member, "mobile", each.mobile);
    AttributeList activities;
    for (const HandOver::Activity& one : each.activities) {
      activities.push_back({AttributeMap{{"at", AttributeInput{one.at}},
                                         {"type", AttributeInput{one.type}},
                                         {"description", AttributeInput{one.words}}}});
    }
    member.emplace_back("activities", AttributeInput{std::move(activities)});
    members.push_back({std::move(member)});
  }
  return {std::move(members)};
}

AttributeInput named(const std::string& name, const std::string& title) {
  return {AttributeMap{{"name", AttributeInput{name}}, {"title", AttributeInput{title}}}};
}

}  // namespace

AttributeMap text_values(const HandOver& told) {
  AttributeMap values;
  values.reserve(32);
  put(values, "interest.title", told.interest_title);
  put_account(values, told.account);
  put_group(values, told);
  put_list(values, "missing", "missing_roles", roles_in_words(told));
  AttributeList moments = moments_in_words(told);
  if (!moments.empty()) values.emplace_back("latest", moments.front());
  put_list(values, "moments", "moment_list", std::move(moments));
  AttributeList members;
  for (const HandOver::Member& each : told.members)
    members.push_back(member_in_words(each, members.size() + 1, told.timezone));
  put_list(values, "members", "member_list", std::move(members));
  const std::int64_t more = told.member_count - static_cast<std::int64_t>(told.members.size());
  if (more > 0) put(values, "more", std::to_string(more) + (more == 1 ? " more member" : " more members"));
  put(values, "journey.title", told.journey_title);
  put(values, "date", day_of(told.at, told.timezone));
  return values;
}

AttributeMap call_values(const HandOver& told) {
  return {{"event", AttributeInput{std::string("sales_handover")}},
          {"solution_interest", named(told.interest, told.interest_title)},
          {"account", account_for_programs(told.account)},
          {"group", group_for_programs(told)},
          {"missing_roles", roles_for_programs(told)},
          {"interesting_moments", moments_for_programs(told)},
          {"members", members_for_programs(told)},
          {"journey", named(told.journey, told.journey_title)},
          {"at", AttributeInput{told.at}}};
}

}  // namespace caravan
