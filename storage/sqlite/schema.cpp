// The migrations, oldest first. One that has been released is never changed: a new one is added.
//
// What decides the layout: rows are few bytes and are touched seldom. A composite key is the table itself (WITHOUT
// ROWID) instead of a table and an index. An index that only open work needs is partial, so that finished work costs
// nothing. Times are milliseconds since 1970 in UTC: `SELECT datetime(at / 1000, 'unixepoch')`.

#include "storage/sqlite/schema.hpp"

#include <random>

namespace caravan::sqlite {
namespace {

/// "Crvn": by this `file` and SQLite know whose a file is.
constexpr std::int64_t kApplicationId = 0x4372766e;

constexpr const char* kMigrations[] = {
    R"sql(
CREATE TABLE setting(           -- what there is one of: installation (a random name of this store), engine_time
  name TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE name(              -- the dictionary: attributes, roles and solution interests are stored by number
  number INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE account(
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  attributes BLOB NOT NULL      -- packed; `caravan show account KEY` prints them
) STRICT;

CREATE TABLE person(
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  key TEXT NOT NULL UNIQUE,
  attributes BLOB NOT NULL
) STRICT;
CREATE INDEX person_by_account ON person(account);

CREATE TABLE token(             -- where an enrollment stands
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,     -- of version
  account INTEGER NOT NULL,
  node INTEGER,                 -- position in the journey, from 0, where it stands or stood last
  state INTEGER NOT NULL,       -- 1 ready, 2 waiting, 3 listening, 4 joining, 5 held, 6 completed, 7 left, 8 failed
  due_at INTEGER,               -- when time will wake it
  visits INTEGER NOT NULL,      -- how many nodes it has visited
  entry INTEGER NOT NULL,       -- 1 for the account's first entry into the journey
  entered_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX token_by_account ON token(account);
CREATE INDEX token_due ON token(due_at) WHERE due_at IS NOT NULL;

CREATE TABLE run(               -- what a token did between two stops
  token INTEGER NOT NULL,
  first_visit INTEGER NOT NULL, -- the number of the first of visits
  at INTEGER NOT NULL,
  visits BLOB NOT NULL,         -- packed, as storage/sqlite/visits.hpp says; `caravan show account KEY` prints them
  PRIMARY KEY(token, first_visit)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery(          -- a promise to the outside
  token INTEGER NOT NULL,
  visit INTEGER NOT NULL,
  recipient INTEGER NOT NULL,   -- > 0: a person; < 0: one of the node's own addresses
  account INTEGER NOT NULL,
  version INTEGER NOT NULL,
  message INTEGER NOT NULL,     -- position of the message in the journey, from 0
  state INTEGER NOT NULL,       -- 1 pending, 2 under way, 3 delivered, 4 failed, 5 in doubt
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  next_attempt_at INTEGER,      -- while pending
  ended_at INTEGER,
  address TEXT NOT NULL,
  message_values BLOB NOT NULL, -- packed
  reason TEXT NOT NULL,         -- why the last attempt failed
  PRIMARY KEY(token, visit, recipient)
) STRICT, WITHOUT ROWID;
-- One index for all that is not delivered: what is due by time, and what is in a state by state.
CREATE INDEX delivery_open ON delivery(state, next_attempt_at) WHERE state <> 3;

CREATE TABLE buying_group(
  account INTEGER NOT NULL,
  interest INTEGER NOT NULL,    -- of name
  created_at INTEGER NOT NULL,
  PRIMARY KEY(account, interest)
) STRICT, WITHOUT ROWID;

CREATE TABLE member(            -- of a buying group
  account INTEGER NOT NULL,
  interest INTEGER NOT NULL,
  person INTEGER NOT NULL,
  role INTEGER NOT NULL,        -- of name
  source INTEGER NOT NULL,      -- 1 conditions, 2 a journey, 3 by hand
  since INTEGER NOT NULL,
  PRIMARY KEY(account, interest, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE note(              -- of an account's timeline, what no visit tells
  account INTEGER NOT NULL,
  at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,    -- among those of the same instant
  kind INTEGER NOT NULL,        -- 1 an expression failed, 2 a token failed, 3 something was refused
  token INTEGER NOT NULL,
  node INTEGER,
  text TEXT NOT NULL,
  PRIMARY KEY(account, at, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE counter(
  version INTEGER NOT NULL,
  kind INTEGER NOT NULL,        -- 1 entered, 2 completed, 3 left, 4 failed, 5 visited, 6 standing, 7 taken,
                                -- 8 expression errors, 9 promised, 10 delivered, 11 undelivered, 12 joined
  slot INTEGER NOT NULL,        -- 5 to 8 and 12: a node; 9 to 11: a message; else 0
  path INTEGER NOT NULL,        -- 7: the path; else -1
  amount INTEGER NOT NULL,
  PRIMARY KEY(version, kind, slot, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE version(           -- a journey as it was published
  id INTEGER PRIMARY KEY,
  journey TEXT NOT NULL,
  number INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  live INTEGER NOT NULL,        -- 1: new entries take it
  snapshot INTEGER NOT NULL,    -- the texts it was compiled from
  UNIQUE(journey, number)
) STRICT;

CREATE TABLE snapshot(id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE snapshot_text(
  snapshot INTEGER NOT NULL,
  path TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY(snapshot, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE sweep(             -- how far a version's audience has been evaluated
  version INTEGER PRIMARY KEY,
  next_account INTEGER NOT NULL
) STRICT;

CREATE TABLE account_to_evaluate(account INTEGER PRIMARY KEY) STRICT;
)sql",
    // Comments within ALTER TABLE must close: SQLite puts what follows the table's columns right behind them.
    R"sql(
ALTER TABLE token ADD COLUMN parent INTEGER                      /* in a people split: the enrollment's own token */;
ALTER TABLE token ADD COLUMN person INTEGER                      /* whom it runs for; NULL: the account */;
ALTER TABLE token ADD COLUMN resume INTEGER NOT NULL DEFAULT 0   /* of a held one: 0 visit, 1 wake, 2 hear, 3 join */;
ALTER TABLE token ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0 /* how often in a row its node has failed */;
ALTER TABLE token ADD COLUMN reached_goal INTEGER NOT NULL DEFAULT 0 /* 1: the enrollment has reached the goal */;
ALTER TABLE token ADD COLUMN memory BLOB                         /* what its node keeps, in the node's own form */;
CREATE INDEX token_held ON token(state) WHERE state = 5;

-- What is due is looked for message by message, so that those of a channel that is down are not read to find others.
DROP INDEX delivery_open;
CREATE INDEX delivery_open ON delivery(state, version, message, next_attempt_at) WHERE state <> 3;

ALTER TABLE buying_group ADD COLUMN stage INTEGER                /* of name */;
ALTER TABLE buying_group ADD COLUMN stage_since INTEGER;
ALTER TABLE buying_group ADD COLUMN status INTEGER               /* of name */;
ALTER TABLE member ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 /* 1: was taken out, and is remembered */;
ALTER TABLE sweep ADD COLUMN began_at INTEGER                    /* of the present or last round, on a schedule */;

CREATE TABLE activity(          -- an event that happened to an account or to one of its people
  account INTEGER NOT NULL,
  sequence INTEGER NOT NULL,    -- in order of arrival, over all accounts; the setting activity_sequence is the last
  at INTEGER NOT NULL,
  person INTEGER,
  type INTEGER NOT NULL,        -- of name
  id TEXT,                      -- the sender's; NULL: raised by the engine
  properties BLOB NOT NULL,     -- packed as attributes are
  PRIMARY KEY(account, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX activity_id ON activity(account, id) WHERE id IS NOT NULL;

CREATE TABLE audience_member(
  account INTEGER NOT NULL,
  audience INTEGER NOT NULL,    -- of name
  since INTEGER NOT NULL,
  PRIMARY KEY(account, audience)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster(            -- who is in static lists and in destinations' audiences
  kind INTEGER NOT NULL,        -- 1 a list, 2 a destination
  name INTEGER NOT NULL,        -- of name
  account INTEGER NOT NULL,
  person INTEGER NOT NULL,      -- 0: the account itself
  since INTEGER NOT NULL,
  PRIMARY KEY(kind, name, account, person)
) STRICT, WITHOUT ROWID;
-- For the removal of a person.
CREATE INDEX roster_by_person ON roster(person) WHERE person <> 0;

CREATE TABLE roster_change(     -- what changed in roster, for those who follow it
  sequence INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  name INTEGER NOT NULL,
  account INTEGER NOT NULL,
  person INTEGER,               -- NULL: the account itself
  at INTEGER NOT NULL,
  added INTEGER NOT NULL        -- 0: taken out
) STRICT;
CREATE INDEX roster_change_by_name ON roster_change(kind, name);

CREATE TABLE mailed(            -- which address has had which message, where each gets it once
  journey INTEGER NOT NULL,     -- of name
  message INTEGER NOT NULL,     -- of name
  address TEXT NOT NULL,        -- in lower case
  PRIMARY KEY(journey, message, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE journey(
  name TEXT PRIMARY KEY,
  state INTEGER NOT NULL,       -- 1 live, 2 paused, 3 closed, 4 finished, 5 aborted
  since INTEGER NOT NULL        -- when it came into this state
) STRICT, WITHOUT ROWID;
-- A journey without a live version was closed; when, nothing tells, so its last publication stands for it.
INSERT INTO journey(name, state, since)
  SELECT journey, CASE WHEN max(live) = 1 THEN 1 ELSE 3 END, max(published_at) FROM version GROUP BY journey;

CREATE TABLE task(              -- what is being done to many tokens, batch by batch
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,        -- 1 abort, 2 move, 3 resume, 4 retry, 5 skip, 6 remove
  journey TEXT NOT NULL,
  node TEXT NOT NULL,           -- 4 to 6: only tokens that stand at the node of this id; empty: all
  account INTEGER,              -- 4 to 6: only this account's; NULL: all
  to_version INTEGER,           -- 2: of version
  gone TEXT NOT NULL,           -- 2: what becomes of tokens whose node is gone: leave, stay or a node's id
  next_token INTEGER NOT NULL,  -- tokens below are done
  last_token INTEGER NOT NULL,  -- tokens above came later
  since INTEGER NOT NULL,
  done INTEGER NOT NULL         -- how many tokens it has acted on
) STRICT;

-- More settings than migration 1 names: activity_sequence, removed_person and finished_task, which are the greatest
-- numbers that had been given to what need not be there any more.
)sql",
    R"sql(
ALTER TABLE person ADD COLUMN account_role INTEGER               /* of name; what they are in their account */;

CREATE TABLE relation(          -- who belongs to an account beside their own
  account INTEGER NOT NULL,
  person INTEGER NOT NULL,
  role INTEGER,                 -- of name; what they are in this account
  PRIMARY KEY(account, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_by_person ON relation(person);

ALTER TABLE buying_group ADD COLUMN raw_engagement REAL NOT NULL DEFAULT 0 /* of the last round */;
ALTER TABLE buying_group ADD COLUMN engagement REAL NOT NULL DEFAULT 0     /* of the last round, 0 to 100 */;
ALTER TABLE member ADD COLUMN reason TEXT NOT NULL DEFAULT ''    /* by hand: what was said */;
ALTER TABLE member ADD COLUMN author INTEGER                     /* of name; of a journey: journey/node */;

CREATE TABLE group_change(      -- the history of a buying group's stage and status
  account INTEGER NOT NULL,
  interest INTEGER NOT NULL,    -- of name
  at INTEGER NOT NULL,
  sequence INTEGER NOT NULL,    -- among those of the same instant
  aspect INTEGER NOT NULL,      -- 1 the stage, 2 the status
  before INTEGER,               -- of name
  after INTEGER,                -- of name
  source INTEGER NOT NULL,      -- 1 conditions, 2 a journey, 3 by hand
  reason TEXT NOT NULL,         -- of a journey: journey/node; by hand: what was said
  PRIMARY KEY(account, interest, at, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE engagement(        -- of people who have done something within the window, as of the last round
  person INTEGER PRIMARY KEY,
  counts BLOB NOT NULL,         -- packed, as storage/sqlite/activity_counts.hpp says
  raw REAL NOT NULL,
  score REAL NOT NULL           -- 0 to 100
) STRICT;

CREATE TABLE engagement_due(    -- when the activity of an account's people must be counted again
  account INTEGER PRIMARY KEY,
  due_at INTEGER NOT NULL
) STRICT;

CREATE TABLE engagement_round(  -- one row: the last round in which engagement was computed
  only INTEGER PRIMARY KEY CHECK(only = 1),
  at INTEGER NOT NULL,          -- what it counted up to
  model TEXT NOT NULL,          -- a fingerprint of the model that it counted by
  through INTEGER NOT NULL      -- 0: it was begun, and begins anew after a restart
) STRICT;

CREATE TABLE definitions(       -- one row: what the newest publication says of audiences and buying groups
  only INTEGER PRIMARY KEY CHECK(only = 1),
  snapshot INTEGER NOT NULL,    -- the texts that say it
  fingerprint TEXT NOT NULL,
  published_at INTEGER NOT NULL
) STRICT;

-- The sweep of version 0 is how far buying groups have been made and filled.
)sql",
    R"sql(
CREATE TABLE journal(           -- what each transaction was given, so that it can be done again
  sequence INTEGER PRIMARY KEY, -- from 1, without gaps; the setting journal_sequence is the last that was let go
  at INTEGER NOT NULL,
  past INTEGER NOT NULL,        -- a hash of all entries before: of which history this one goes on
  entry BLOB NOT NULL           -- packed, as storage/sqlite/compression.hpp says
) STRICT;
-- The setting journal_past is that of all entries.

CREATE TABLE delivery_dictionary( -- what the deliveries of a message have in common (storage/sqlite/delivery_texts.hpp)
  number INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  message INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE(version, message)
) STRICT;
ALTER TABLE delivery ADD COLUMN dictionary INTEGER /* message_values hold the address too, packed with it; NULL: plain */;

-- What a store of before holds, no journal tells: its journal begins at 2, as if entry 1, all of that, were let go.
INSERT INTO setting(name, value) SELECT 'journal_sequence', 1
  WHERE EXISTS(SELECT 1 FROM account) OR EXISTS(SELECT 1 FROM version);
)sql",
    R"sql(
CREATE TABLE audit(             -- who asked for what
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  caller TEXT NOT NULL,
  request_id TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  refused TEXT NOT NULL         -- why it was not done; empty: it was
) STRICT;

CREATE TABLE asked_key(         -- by which requests that come again are known
  caller TEXT NOT NULL,
  key TEXT NOT NULL,            -- the caller's own
  fingerprint TEXT NOT NULL,    -- of what was asked
  result TEXT NOT NULL,         -- what was answered, as engine/asked.hpp says
  at INTEGER NOT NULL,
  PRIMARY KEY(caller, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_key_by_time ON asked_key(at);
)sql",
    R"sql(
CREATE TABLE kept_consent(      -- what people who were removed want of mails, by the address that they had
  address BLOB NOT NULL,        -- its SHA-256, trimmed and in lower case: printf %s ADDRESS | sha256sum
  kind INTEGER NOT NULL,        -- 1 unsubscribed from all mails, 2 left a topic, 3 mail servers know no such address
  topic TEXT NOT NULL,          -- 2: which; else empty
  at INTEGER NOT NULL,          -- since when it is kept
  PRIMARY KEY(address, kind, topic)
) STRICT, WITHOUT ROWID;
)sql",
};

constexpr std::size_t kMigrationCount = std::size(kMigrations);

[[noreturn]] void refuse(const Connection& connection, const std::string& why) {
  throw StoreError(connection.file().string() + ": " + why);
}

/// 128 random bits in hexadecimal.
std::string random_name() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 4; ++i) {
    std::array<char, 9> digits{};
    std::snprintf(digits.data(), digits.size(), "%08x", random());
    name += digits.data();
  }
  return name;
}

void apply(Connection& connection, std::size_t index) {
  connection.run("BEGIN IMMEDIATE");
  try {
    connection.run(kMigrations[index]);
    if (index == 0) {
      Statement statement(connection);
      statement.prepare("INSERT INTO setting(name, value) VALUES('installation', ?1)");
      const std::string name = random_name();
      statement.bind(name);
      statement.run();
      connection.run(("PRAGMA application_id = " + std::to_string(kApplicationId)).c_str());
    }
    connection.run(("PRAGMA user_version = " + std::to_string(index + 1)).c_str());
    connection.run("COMMIT");
  } catch (...) {
    connection.roll_back();
    throw;
  }
}

}  // namespace

const std::int64_t kSchemaVersion = kMigrationCount;

std::int64_t layout_of(Connection& connection) {
  const std::int64_t application = connection.number("PRAGMA application_id");
  const std::int64_t version = connection.number("PRAGMA user_version");
  const bool untouched =
      application == 0 && version == 0 && connection.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (!untouched && application != kApplicationId)
    refuse(connection,
           "this is another program's SQLite database, not a Caravan store: name another file; this one "
           "was left as it is");
  if (version > kSchemaVersion)
    refuse(connection, "made by a newer Caravan (layout " + std::to_string(version) + "; this program knows " +
                           std::to_string(kSchemaVersion) + "): use the newer program; the file was left as it is");
  return version;
}

void migrate(Connection& connection, const MigrationListener& listener) {
  const auto version = static_cast<std::size_t>(layout_of(connection));
  // Both only matter to a file that is still empty.
  connection.run("PRAGMA page_size = 4096");
  connection.run("PRAGMA journal_mode = wal");
  for (std::size_t next = version; next < kMigrationCount; ++next) {
    apply(connection, next);
    if (listener) listener(static_cast<std::int64_t>(next) + 1);
  }
}

void expect_present_layout(Connection& connection) {
  const std::int64_t version = layout_of(connection);
  if (version == kSchemaVersion) return;
  refuse(connection, version == 0 ? "nothing has been written to this store yet: start `caravan serve` or import first"
                                  : "made by an older Caravan (layout " + std::to_string(version) + " of " +
                                        std::to_string(kSchemaVersion) +
                                        "): open it once for writing, which brings it "
                                        "up to date");
}

}  // namespace caravan::sqlite
