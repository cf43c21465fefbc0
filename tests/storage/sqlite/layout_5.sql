-- A store of layout 5 with a row or more in every table that can have one, as `sqlite3 FILE .dump` prints one, and the
-- two pragmas that a dump leaves out. It stays as it is: a file like this must open with every later program.
PRAGMA application_id = 1131574894;
PRAGMA user_version = 5;
BEGIN TRANSACTION;
CREATE TABLE account(
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  attributes BLOB NOT NULL      -- packed; `caravan show account KEY` prints them
) STRICT;
INSERT INTO account VALUES(1,'acme',X'0201236810');
INSERT INTO account VALUES(2,'brook',X'');
CREATE TABLE account_to_evaluate(account INTEGER PRIMARY KEY) STRICT;
INSERT INTO account_to_evaluate VALUES(2);
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
INSERT INTO activity VALUES(1,1,3000,1,5,'mail-1',X'');
INSERT INTO activity VALUES(1,2,3500,NULL,5,NULL,X'02011307');
CREATE TABLE audience_member(
  account INTEGER NOT NULL,
  audience INTEGER NOT NULL,    -- of name
  since INTEGER NOT NULL,
  PRIMARY KEY(account, audience)
) STRICT, WITHOUT ROWID;
INSERT INTO audience_member VALUES(1,4,1500);
CREATE TABLE buying_group(
  account INTEGER NOT NULL,
  interest INTEGER NOT NULL,    -- of name
  created_at INTEGER NOT NULL, stage INTEGER                /* of name */, stage_since INTEGER, status INTEGER               /* of name */, raw_engagement REAL NOT NULL DEFAULT 0 /* of the last round */, engagement REAL NOT NULL DEFAULT 0     /* of the last round, 0 to 100 */,
  PRIMARY KEY(account, interest)
) STRICT, WITHOUT ROWID;
INSERT INTO buying_group VALUES(1,2,1000,4,2000,3,35.25,60.0);
CREATE TABLE counter(
  version INTEGER NOT NULL,
  kind INTEGER NOT NULL,        -- 1 entered, 2 completed, 3 left, 4 failed, 5 visited, 6 standing, 7 taken,
                                -- 8 expression errors, 9 promised, 10 delivered, 11 undelivered, 12 joined
  slot INTEGER NOT NULL,        -- 5 to 8 and 12: a node; 9 to 11: a message; else 0
  path INTEGER NOT NULL,        -- 7: the path; else -1
  amount INTEGER NOT NULL,
  PRIMARY KEY(version, kind, slot, path)
) STRICT, WITHOUT ROWID;
INSERT INTO counter VALUES(2,1,0,-1,2);
INSERT INTO counter VALUES(2,7,0,1,1);
CREATE TABLE definitions(       -- one row: what the newest publication says of audiences and buying groups
  only INTEGER PRIMARY KEY CHECK(only = 1),
  snapshot INTEGER NOT NULL,    -- the texts that say it
  fingerprint TEXT NOT NULL,
  published_at INTEGER NOT NULL
) STRICT;
INSERT INTO definitions VALUES(1,1,'f00d',200);
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
  reason TEXT NOT NULL, dictionary INTEGER /* message_values hold the address too, packed with it; NULL: plain */,         -- why the last attempt failed
  PRIMARY KEY(token, visit, recipient)
) STRICT, WITHOUT ROWID;
INSERT INTO delivery VALUES(1,1,1,1,2,0,1,0,1000,5000,NULL,'ann@acme.example',X'610062','',NULL);
CREATE TABLE engagement(        -- of people who have done something within the window, as of the last round
  person INTEGER PRIMARY KEY,
  counts BLOB NOT NULL,         -- packed, as storage/sqlite/activity_counts.hpp says
  raw REAL NOT NULL,
  score REAL NOT NULL           -- 0 to 100
) STRICT;
INSERT INTO engagement VALUES(1,X'0501',12.5,50.0);
CREATE TABLE engagement_due(    -- when the activity of an account's people must be counted again
  account INTEGER PRIMARY KEY,
  due_at INTEGER NOT NULL
) STRICT;
INSERT INTO engagement_due VALUES(1,9000);
CREATE TABLE engagement_round(  -- one row: the last round in which engagement was computed
  only INTEGER PRIMARY KEY CHECK(only = 1),
  at INTEGER NOT NULL,          -- what it counted up to
  model TEXT NOT NULL,          -- a fingerprint of the model that it counted by
  through INTEGER NOT NULL      -- 0: it was begun, and begins anew after a restart
) STRICT;
INSERT INTO engagement_round VALUES(1,6000,'model',1);
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
INSERT INTO group_change VALUES(1,2,2000,0,1,NULL,4,1,'');
CREATE TABLE journey(
  name TEXT PRIMARY KEY,
  state INTEGER NOT NULL,       -- 1 live, 2 paused, 3 closed, 4 finished, 5 aborted
  since INTEGER NOT NULL        -- when it came into this state
) STRICT, WITHOUT ROWID;
INSERT INTO journey VALUES('closed',3,400);
INSERT INTO journey VALUES('under-way',1,200);
CREATE TABLE mailed(            -- which address has had which message, where each gets it once
  journey INTEGER NOT NULL,     -- of name
  message INTEGER NOT NULL,     -- of name
  address TEXT NOT NULL,        -- in lower case
  PRIMARY KEY(journey, message, address)
) STRICT, WITHOUT ROWID;
INSERT INTO mailed VALUES(4,5,'ann@acme.example');
CREATE TABLE member(            -- of a buying group
  account INTEGER NOT NULL,
  interest INTEGER NOT NULL,
  person INTEGER NOT NULL,
  role INTEGER NOT NULL,        -- of name
  source INTEGER NOT NULL,      -- 1 conditions, 2 a journey, 3 by hand
  since INTEGER NOT NULL, removed INTEGER NOT NULL DEFAULT 0 /* 1: was taken out, and is remembered */, reason TEXT NOT NULL DEFAULT ''    /* by hand: what was said */, author INTEGER                     /* of name; of a journey: journey/node */,
  PRIMARY KEY(account, interest, person)
) STRICT, WITHOUT ROWID;
INSERT INTO member VALUES(1,2,1,3,3,1000,0,'said so',NULL);
INSERT INTO member VALUES(1,2,2,3,1,2000,1,'',NULL);
CREATE TABLE name(              -- the dictionary: attributes, roles and solution interests are stored by number
  number INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO name VALUES(1,'employees');
INSERT INTO name VALUES(2,'seeds');
INSERT INTO name VALUES(3,'buyer');
INSERT INTO name VALUES(4,'contacted');
INSERT INTO name VALUES(5,'mail.opened');
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
INSERT INTO note VALUES(1,1000,1,1,1,0,'no such key');
CREATE TABLE person(
  id INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  key TEXT NOT NULL UNIQUE,
  attributes BLOB NOT NULL
, account_role INTEGER               /* of name; what they are in their account */) STRICT;
INSERT INTO person VALUES(1,1,'ann',X'02011307',3);
INSERT INTO person VALUES(2,1,'bob',X'',NULL);
CREATE TABLE relation(          -- who belongs to an account beside their own
  account INTEGER NOT NULL,
  person INTEGER NOT NULL,
  role INTEGER,                 -- of name; what they are in this account
  PRIMARY KEY(account, person)
) STRICT, WITHOUT ROWID;
INSERT INTO relation VALUES(2,1,3);
CREATE TABLE roster(            -- who is in static lists and in destinations' audiences
  kind INTEGER NOT NULL,        -- 1 a list, 2 a destination
  name INTEGER NOT NULL,        -- of name
  account INTEGER NOT NULL,
  person INTEGER NOT NULL,      -- 0: the account itself
  since INTEGER NOT NULL,
  PRIMARY KEY(kind, name, account, person)
) STRICT, WITHOUT ROWID;
INSERT INTO roster VALUES(1,4,1,1,2500);
CREATE TABLE roster_change(     -- what changed in roster, for those who follow it
  sequence INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,
  name INTEGER NOT NULL,
  account INTEGER NOT NULL,
  person INTEGER,               -- NULL: the account itself
  at INTEGER NOT NULL,
  added INTEGER NOT NULL        -- 0: taken out
) STRICT;
INSERT INTO roster_change VALUES(1,1,4,1,1,2500,1);
CREATE TABLE run(               -- what a token did between two stops
  token INTEGER NOT NULL,
  first_visit INTEGER NOT NULL, -- the number of the first of visits
  at INTEGER NOT NULL,
  visits BLOB NOT NULL,         -- packed, as storage/sqlite/visits.hpp says; `caravan show account KEY` prints them
  PRIMARY KEY(token, first_visit)
) STRICT, WITHOUT ROWID;
INSERT INTO run VALUES(1,0,1000,X'090122');
CREATE TABLE setting(           -- what there is one of: installation (a random name of this store), engine_time
  name TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES('activity_sequence',2);
INSERT INTO setting VALUES('engine_time',7000);
INSERT INTO setting VALUES('finished_task',2);
INSERT INTO setting VALUES('installation','0123456789abcdef0123456789abcdef');
INSERT INTO setting VALUES('journal_past',6287282721409599329);
INSERT INTO setting VALUES('journal_sequence',1);
INSERT INTO setting VALUES('removed_person',9);
CREATE TABLE snapshot(id INTEGER PRIMARY KEY) STRICT;
INSERT INTO snapshot VALUES(1);
CREATE TABLE snapshot_text(
  snapshot INTEGER NOT NULL,
  path TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY(snapshot, path)
) STRICT, WITHOUT ROWID;
INSERT INTO snapshot_text VALUES(1,'journeys/a.yaml',replace('journey: under-way\n','\n',char(10)));
CREATE TABLE sweep(             -- how far a version's audience has been evaluated
  version INTEGER PRIMARY KEY,
  next_account INTEGER NOT NULL
, began_at INTEGER                    /* of the present or last round, on a schedule */) STRICT;
INSERT INTO sweep VALUES(2,3,NULL);
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
INSERT INTO task VALUES(3,2,'under-way','',NULL,2,'leave',3,4,6000,1);
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
, parent INTEGER                      /* in a people split: the enrollment's own token */, person INTEGER                      /* whom it runs for; NULL: the account */, resume INTEGER NOT NULL DEFAULT 0   /* of a held one: 0 visit, 1 wake, 2 hear, 3 join */, attempts INTEGER NOT NULL DEFAULT 0 /* how often in a row its node has failed */, reached_goal INTEGER NOT NULL DEFAULT 0 /* 1: the enrollment has reached the goal */, memory BLOB                         /* what its node keeps, in the node's own form */) STRICT;
INSERT INTO token VALUES(1,2,1,2,2,5000,3,1,1000,NULL,NULL,NULL,0,0,0,NULL);
INSERT INTO token VALUES(2,2,2,4,5,6000,3,1,1000,NULL,NULL,NULL,0,0,0,NULL);
INSERT INTO token VALUES(3,3,2,4,6,NULL,3,1,1000,4000,NULL,NULL,0,0,0,NULL);
INSERT INTO token VALUES(4,2,1,3,2,8000,1,1,2000,NULL,1,1,0,2,1,X'6b657074');
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
INSERT INTO version VALUES(1,'under-way',1,'f00d',100,0,1);
INSERT INTO version VALUES(2,'under-way',2,'beef',200,1,1);
INSERT INTO version VALUES(3,'closed',1,'cafe',300,0,1);
INSERT INTO version VALUES(4,'closed',2,'d00d',400,0,1);
CREATE TABLE journal(           -- what each transaction was given, so that it can be done again
  sequence INTEGER PRIMARY KEY, -- from 1, without gaps; the setting journal_sequence is the last that was let go
  at INTEGER NOT NULL,
  past INTEGER NOT NULL,        -- a hash of all entries before: of which history this one goes on
  entry BLOB NOT NULL           -- packed, as storage/sqlite/compression.hpp says
) STRICT;
INSERT INTO journal VALUES(2,8000,-4444300331653035377,X'00616e20656e747279');
CREATE TABLE delivery_dictionary( -- what the deliveries of a message have in common (storage/sqlite/delivery_texts.hpp)
  number INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  message INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE(version, message)
) STRICT;
CREATE TABLE audit(             -- who asked for what
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  caller TEXT NOT NULL,
  request_id TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  refused TEXT NOT NULL         -- why it was not done; empty: it was
) STRICT;
INSERT INTO audit VALUES(1,8000,'crm','r-1','enter','acme','');
CREATE TABLE asked_key(         -- by which requests that come again are known
  caller TEXT NOT NULL,
  key TEXT NOT NULL,            -- the caller's own
  fingerprint TEXT NOT NULL,    -- of what was asked
  result TEXT NOT NULL,         -- what was answered, as engine/asked.hpp says
  at INTEGER NOT NULL,
  PRIMARY KEY(caller, key)
) STRICT, WITHOUT ROWID;
INSERT INTO asked_key VALUES('crm','key-1','f00d','done',8000);
CREATE INDEX person_by_account ON person(account);
CREATE INDEX token_by_account ON token(account);
CREATE INDEX token_due ON token(due_at) WHERE due_at IS NOT NULL;
CREATE INDEX token_held ON token(state) WHERE state = 5;
CREATE INDEX delivery_open ON delivery(state, version, message, next_attempt_at) WHERE state <> 3;
CREATE UNIQUE INDEX activity_id ON activity(account, id) WHERE id IS NOT NULL;
CREATE INDEX roster_by_person ON roster(person) WHERE person <> 0;
CREATE INDEX roster_change_by_name ON roster_change(kind, name);
CREATE INDEX relation_by_person ON relation(person);
CREATE INDEX asked_key_by_time ON asked_key(at);
COMMIT;
