// What is written of accounts and people: the records themselves, their events, and where they are in.

#include "storage/row_order.hpp"
#include "storage/sqlite/writer.hpp"

namespace caravan::sqlite {

void Writer::write_names(const Changes& changes) {
  insert_name_.prepare("INSERT INTO name(number, text) VALUES(?1, ?2)");
  for (const auto& [number, text] : changes.names) {
    insert_name_.bind(number, text);
    insert_name_.run();
  }
}

void Writer::write_accounts(const Changes& changes) {
  sort_out(changes.accounts, order_, new_accounts_.rows, updates_);
  write_all(new_accounts_, insert_account_,
            "INSERT OR ROLLBACK INTO account(id, key, attributes) SELECT id, key, attributes FROM new_account");
  // The key never changes, and so its index is left alone.
  update_account_.prepare("UPDATE account SET attributes = ?2 WHERE id = ?1");
  for (const void* row : updates_) {
    const auto& account = *static_cast<const AccountRecord*>(row);
    update_account_.bind(account.id, std::span<const char>(account.attributes.bytes()));
    update_account_.run();
    expect_touched("account", account.id.value);
  }
}

bool Writer::is_removed(PersonId person) const {
  return std::binary_search(removed_people_.begin(), removed_people_.end(), person);
}

void Writer::remove_people(const Changes& changes) {
  removed_people_ = changes.removed_people;
  removed_memberships_.clear();
  if (removed_people_.empty()) return;
  std::sort(removed_people_.begin(), removed_people_.end());
  removed_people_.erase(std::unique(removed_people_.begin(), removed_people_.end()), removed_people_.end());

  // Who comes, changes accounts or joins a group in this very write set is a member there, too.
  std::set<PersonId> inserted;
  for (const auto& [person, is_new] : changes.people) {
    if (!is_removed(person.id)) continue;
    removed_memberships_.emplace(person.id, person.account);
    if (is_new) inserted.insert(person.id);
  }
  for (const RelationRecord& relation : changes.relations)
    if (is_removed(relation.person)) removed_memberships_.emplace(relation.person, relation.account);
  for (const GroupRecord& group : changes.groups)
    for (const MemberRecord& member : group.members)
      if (is_removed(member.person)) removed_memberships_.emplace(member.person, group.account);
  delete_person_.prepare("DELETE FROM person WHERE id = ?1 RETURNING account");
  delete_relations_.prepare("DELETE FROM relation WHERE person = ?1 RETURNING account");
  for (const PersonId person : removed_people_) {
    const bool found = remove_rows(delete_person_, person);
    if (!found && inserted.count(person) == 0) refuse_update("person", person.value);
    remove_rows(delete_relations_, person);
  }
}

bool Writer::remove_rows(Statement& deletion, PersonId person) {
  deletion.bind(person);
  bool found = false;
  for (Rows rows(deletion); rows.next(); found = true)
    removed_memberships_.emplace(person, AccountId{deletion.integer(0)});
  return found;
}

void Writer::write_people(const Changes& changes) {
  sort_out(changes.people, order_, new_people_.rows, updates_);
  if (!removed_people_.empty()) {
    const auto removed = [&](const void* row) { return is_removed(static_cast<const PersonRecord*>(row)->id); };
    std::erase_if(new_people_.rows, removed);
    std::erase_if(updates_, removed);
  }
  write_all(new_people_, insert_person_,
            "INSERT OR ROLLBACK INTO person(id, account, key, attributes, account_role)"
            " SELECT id, account, key, attributes, account_role FROM new_person");
  update_person_.prepare("UPDATE person SET account = ?2, attributes = ?3, account_role = nullif(?4, 0) WHERE id = ?1");
  for (const void* row : updates_) {
    const auto& person = *static_cast<const PersonRecord*>(row);
    update_person_.bind(person.id, person.account, std::span<const char>(person.attributes.bytes()),
                        person.account_role);
    update_person_.run();
    expect_touched("person", person.id.value);
  }
}

void Writer::write_relations(const Changes& changes) {
  if (changes.relations.empty()) return;
  point_in_order(changes.relations, order_, [](const RelationRecord& a, const RelationRecord& b) {
    return a.account != b.account ? a.account < b.account : a.person < b.person;
  });
  upsert_relation_.prepare(
      "INSERT INTO relation(account, person, role) VALUES(?1, ?2, nullif(?3, 0))"
      " ON CONFLICT DO UPDATE SET role = excluded.role WHERE role IS NOT excluded.role");
  delete_relation_.prepare("DELETE FROM relation WHERE account = ?1 AND person = ?2");
  for (const void* row : order_) {
    const auto& relation = *static_cast<const RelationRecord*>(row);
    if (is_removed(relation.person)) continue;
    if (relation.related) {
      upsert_relation_.bind(relation.account, relation.person, relation.role);
      upsert_relation_.run();
    } else {
      delete_relation_.bind(relation.account, relation.person);
      delete_relation_.run();
    }
  }
}

void Writer::write_kept_consent(const Changes& changes) {
  if (changes.kept_consent.empty()) return;
  // What is said of the same thing later comes later still: the order is stable.
  point_in_order(changes.kept_consent, order_, [](const KeptConsentRecord& a, const KeptConsentRecord& b) {
    return std::tie(a.address, a.kind, a.topic) < std::tie(b.address, b.kind, b.topic);
  });
  upsert_kept_consent_.prepare(
      "INSERT INTO kept_consent(address, kind, topic, at) VALUES(?1, ?2, ?3, ?4)"
      " ON CONFLICT DO UPDATE SET at = excluded.at");
  delete_kept_consent_.prepare("DELETE FROM kept_consent WHERE address = ?1 AND kind = ?2 AND topic = ?3");
  for (const void* row : order_) {
    const auto& consent = *static_cast<const KeptConsentRecord*>(row);
    const std::span<const char> address(consent.address);
    if (consent.kept) {
      upsert_kept_consent_.bind(address, consent.kind, consent.topic, consent.at);
      upsert_kept_consent_.run();
    } else {
      delete_kept_consent_.bind(address, consent.kind, consent.topic);
      delete_kept_consent_.run();
    }
  }
}

void Writer::write_activity(const Changes& changes) {
  if (changes.activity.empty()) return;
  point_in_order(changes.activity, new_activity_.rows, [](const ActivityRecord& a, const ActivityRecord& b) {
    return a.account != b.account ? a.account < b.account : a.sequence < b.sequence;
  });
  write_all(new_activity_, insert_activity_,
            "INSERT OR ROLLBACK INTO activity(account, sequence, at, person, type, id, properties)"
            " SELECT account, sequence, at, person, type, id, properties FROM new_activity");
  std::int64_t greatest = 0;
  for (const ActivityRecord& activity : changes.activity)
    greatest = std::max(greatest, activity.sequence);
  keep_greatest("activity_sequence", greatest);
}

void Writer::forget_activity(const Changes& changes) {
  delete_activity_.prepare("DELETE FROM activity WHERE account = ?1 AND sequence <= ?2");
  for (const auto& [account, last] : changes.forgotten_activity) {
    delete_activity_.bind(account, last);
    delete_activity_.run();
  }
}

void Writer::write_audience_members(const Changes& changes) {
  if (changes.audience_members.empty()) return;
  sort_out_last(
      changes.audience_members,
      [](const AudienceMemberRecord& a, const AudienceMemberRecord& b) {
        return a.account != b.account ? a.account < b.account : a.audience < b.audience;
      },
      [](const AudienceMemberRecord& member) { return member.in; }, order_, entered_audience_members_.rows, updates_);
  write_all(entered_audience_members_, upsert_audience_member_,
            "INSERT OR ROLLBACK INTO audience_member(account, audience, since)"
            " SELECT account, audience, since FROM entered_audience_member WHERE true"
            " ON CONFLICT DO UPDATE SET since = excluded.since");
  delete_audience_member_.prepare("DELETE FROM audience_member WHERE account = ?1 AND audience = ?2");
  for (const void* row : updates_) {
    const auto& member = *static_cast<const AudienceMemberRecord*>(row);
    delete_audience_member_.bind(member.account, member.audience);
    delete_audience_member_.run();
  }
}

void Writer::write_rosters(const Changes& changes) {
  insert_roster_.prepare(
      "INSERT INTO roster(kind, name, account, person, since) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
  delete_roster_.prepare("DELETE FROM roster WHERE kind = ?1 AND name = ?2 AND account = ?3 AND person = ?4");
  insert_roster_change_.prepare(
      "INSERT INTO roster_change(kind, name, account, person, at, added)"
      " VALUES(?1, ?2, ?3, nullif(?4, 0), ?5, ?6)");
  for (const RosterRecord& roster : changes.rosters) {
    if (roster.in) {
      insert_roster_.bind(roster.kind, roster.name, roster.account, roster.person, roster.at);
      insert_roster_.run();
    } else {
      delete_roster_.bind(roster.kind, roster.name, roster.account, roster.person);
      delete_roster_.run();
    }
    if (connection_.touched() == 0) continue;
    insert_roster_change_.bind(roster.kind, roster.name, roster.account, roster.person, roster.at, roster.in);
    insert_roster_change_.run();
  }
}

void Writer::remove_memberships(const Changes& changes) {
  delete_members_.prepare("DELETE FROM member WHERE account = ?2 AND person = ?1");
  for (const auto& [person, account] : removed_memberships_) {
    delete_members_.bind(person, account);
    delete_members_.run();
  }
  // `person <> 0` repeats what `person = ...` says: by these very words SQLite knows that the partial index will do.
  tell_roster_removals_.prepare(
      "INSERT INTO roster_change(kind, name, account, person, at, added)"
      " SELECT kind, name, account, person, ?2, 0 FROM roster WHERE person = ?1 AND person <> 0 ORDER BY kind, name");
  delete_rosters_.prepare("DELETE FROM roster WHERE person = ?1 AND person <> 0");
  for (const PersonId person : removed_people_) {
    delete_engagement(person);
    tell_roster_removals_.bind(person, changes.engine_time.value_or(Instant()));
    tell_roster_removals_.run();
    delete_rosters_.bind(person);
    delete_rosters_.run();
  }
  // Rows of the history name the person by number: nobody else may be given it, not even after a restart.
  if (!removed_people_.empty()) keep_greatest("removed_person", removed_people_.back().value);
}

void Writer::write_mailed(const Changes& changes) {
  point_in_order(changes.mailed, new_mailed_.rows, std::less<MailedRecord>());
  write_all(new_mailed_, insert_mailed_,
            "INSERT OR IGNORE INTO mailed(journey, message, address) SELECT journey, message, address FROM new_mailed");
}

void Writer::write_to_evaluate(const Changes& changes) {
  insert_to_evaluate_.prepare("INSERT INTO account_to_evaluate(account) VALUES(?1) ON CONFLICT DO NOTHING");
  delete_to_evaluate_.prepare("DELETE FROM account_to_evaluate WHERE account = ?1");
  for (const auto& [account, wanted] : changes.to_evaluate) {
    Statement& statement = wanted ? insert_to_evaluate_ : delete_to_evaluate_;
    statement.bind(account);
    statement.run();
  }
}

}  // namespace caravan::sqlite
