#pragma once
// Standard output at the end of a command: whether all that was printed came out of the process.

namespace caravan::tools {

/// Writes out what is still held back. Where the reader has gone (`| head -1`), that is no fault and nothing is said;
/// throws a Failure where the machine cannot write it, such as on a full disk.
void finish_output();

}  // namespace caravan::tools
