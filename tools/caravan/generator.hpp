#pragma once
// Accounts and people that nobody is: made up from a seed, the same on every machine and in every order of asking, with
// addresses below `.example` only. For samples, demonstrations and trials of one's own journeys.
//
// An account's and a person's attributes each come from a hash of (seed, key, attribute) alone. Of an account's people
// the first decides (chief, vice president, director), the second knows the fields (agronomist and the like), and the
// rest are drawn from all titles.

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace caravan::tools {

/// Account number `number` from 1: key, name, industry, region, country, city, employees, hectares, owner_email,
/// website.
boost::json::object made_up_account(std::uint64_t seed, std::uint64_t number);

/// The people of an account, about `per_account` of them (half as many to half as many again): key, account,
/// first_name, last_name, title, email.
std::vector<boost::json::object> made_up_people(std::uint64_t seed, std::string_view account,
                                                std::uint64_t per_account);

/// Whether a person, by key, is an advisor of another account as well: `percent` of them are, on average.
bool is_advisor(std::uint64_t seed, std::string_view person, std::uint64_t percent);

/// One line of CSV with the object's values, quoted where they must be; or its header with the names.
std::string csv_line(const boost::json::object& record);
std::string csv_header(const boost::json::object& record);

}  // namespace caravan::tools
