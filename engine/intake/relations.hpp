#pragma once
// The accounts that a person belongs to beside their primary one, as a file says them: in a CSV cell
// `acme:advisor;zeta`, in JSON a list of keys and of objects such as {"account": "acme", "role": "advisor"}.

#include <boost/json/value.hpp>

#include "engine/input.hpp"

namespace caravan {

/// The members of a person's record that are no attributes.
inline constexpr std::string_view kAccountRole = "account_role";
inline constexpr std::string_view kOtherAccounts = "accounts";

/// As many as one record may name.
inline constexpr std::size_t kMostAccounts = 1'000;

/// What was read; `problem` says why it could not be, and is empty when it could.
struct Relations {
  std::vector<RelatePerson> accounts;  ///< without their person
  std::string problem;
};

/// Divided by `;`, each a key, and behind the last `:` the role.
Relations relations_in_cell(std::string_view cell);
/// A list; null is an empty one. `"related": false` takes the person out of an account.
Relations relations_in_json(const boost::json::value& value);

}  // namespace caravan
