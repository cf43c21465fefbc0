#pragma once
// Accounts for measurements: those of the reference journey, with as many people as a measurement wants and a segment
// each, put into a store before any clock starts.

#include "tools/bench/reference.hpp"

namespace caravan::bench {

/// Of how many segments each account has one, as `account.segment`, from 1.
inline constexpr std::size_t kSegments = 200;

/// What the people of an account are, over and over.
inline constexpr std::array<std::string_view, 10> kTitles = {
    "Chief Executive",    "Agronomist", "Operations Manager", "Chief Agronomist", "Clerk", "Data Scientist",
    "Finance Controller", "Buyer",      "Chief of Staff",     "Assistant"};

/// Makes the store, in a process of its own.
void fill_apart(const std::filesystem::path& file, std::size_t accounts, std::size_t people_per_account,
                const Progress& progress);

/// The size of the file without what is still beside it, by account.
double bytes_per_account(const std::filesystem::path& file, std::size_t accounts);

}  // namespace caravan::bench
