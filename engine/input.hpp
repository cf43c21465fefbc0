#pragma once
// What enters the engine from outside, and what it answers.

#include "storage/attributes.hpp"

namespace caravan {

/// An account as somebody says it is: made where the key is new, else its attributes are merged (null takes one out).
struct UpsertAccount {
  std::string key;
  AttributeMap attributes;
};

/// A person, the same way. `account` is the key of an account that must be there; empty keeps the present one.
struct UpsertPerson {
  std::string key;
  std::string account;
  AttributeMap attributes;
};

using Input = std::variant<UpsertAccount, UpsertPerson>;

/// What became of an input: empty when it was taken, else why it was refused and nothing of it was done.
struct InputResult {
  std::string refused;
  bool created = false;
};

/// Told on the I/O thread, inputs in the order they were posted, after the commit.
using InputAnswer = std::function<void(const InputResult&)>;

}  // namespace caravan
