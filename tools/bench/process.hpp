#pragma once
// A process for each measurement: what it uses of memory is its own, and no cache helps the one behind it.

#include <boost/json/value.hpp>

namespace caravan::bench {

/// Runs `work` in a process that is forked for it, and gives what it gave. Only to be called while this process has one
/// thread. Throws StoreError where that was thrown there, else std::runtime_error with the sentence of what was, or
/// with how the process ended.
boost::json::value apart(const std::function<boost::json::value()>& work);

/// The same for what gives nothing.
void do_apart(const std::function<void()>& work);

}  // namespace caravan::bench
