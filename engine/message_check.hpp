#pragma once
// What can be wrong with a workspace's messages, said before anything is sent: the text of a template, and, where
// there is a schema, the attributes it names.

#include "journeys/workspace.hpp"

namespace caravan {

/// Adds what is wrong with the templates of mails and texts to the workspace's diagnostics.
void check_messages(Workspace& workspace);

}  // namespace caravan
