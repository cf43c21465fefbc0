#pragma once
// Accounts as the company list that ad platforms match against the companies they know: CSV with a header line whose
// names are those of their templates. Values that would break a line of it are made harmless; nothing else is changed.

#include "engine/name_book.hpp"

namespace caravan::tools {

/// `companyname,companywebsite,companyemaildomain,industry,city,companycountry`, with its line break.
std::string company_list_header();

/// The line of an account, from its attributes `name`, `website`, `domain`, `industry`, `city` and `country`; a domain
/// that is not said is that of the website. Nothing for an account with neither name nor website: no platform knows it.
std::optional<std::string> company_list_line(const AccountRecord& account, const NameBook& names);

/// The registered host that an address, a site or a domain says, in lower case and without `www.`; empty: none.
std::string domain_in(std::string_view text);

/// A cell as RFC 4180 has it. Line breaks and other control characters become blanks, and blanks around are taken away:
/// importers read line by line.
std::string csv_cell(std::string_view text);

}  // namespace caravan::tools
