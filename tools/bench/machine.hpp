#pragma once
// On what a figure was measured.

#include <boost/json/object.hpp>

namespace caravan::bench {

/// `cpu`, `cores`, `memory_bytes`, `kernel`, `file_system` (of `folder`; empty: the system's temporary folder),
/// `sqlite`, `compiler` and `date` (the day, UTC).
boost::json::object describe_machine(const std::filesystem::path& folder);

/// The same in a line.
std::string in_a_line(const boost::json::object& machine);

}  // namespace caravan::bench
