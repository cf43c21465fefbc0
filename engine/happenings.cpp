#include "engine/happenings.hpp"

namespace caravan {
namespace {

class Finding {
 public:
  Finding(const Changes& changes, Happenings& to) : changes_(changes), to_(to) {
    for (const Write<TokenRecord>& write : changes.tokens)
      tokens_.insert_or_assign(write.record.id.value, &write.record);  // the last counts
  }

  void entered() {
    for (const Write<TokenRecord>& write : changes_.tokens) {
      if (write.inserted && !write.record.parent) add(happened(write.record, {}, write.record.entered_at));
    }
  }

  void visits() {
    for (const RunRecord& run : changes_.runs) {
      const auto token = tokens_.find(run.token.value);
      if (token == tokens_.end()) continue;
      const TokenRecord& record = *token->second;
      std::uint32_t number = run.first_visit;
      for (const VisitRecord& visit : run.visits)
        add(VisitHappened{.enrollment = record.parent ? record.parent : record.id,
                          .account = record.account,
                          .person = record.person,
                          .version = record.version,
                          .visit = visit,
                          .number = number++,
                          .at = run.at});
    }
  }

  /// Those that ended at `now`, less those that were told.
  void ended(Instant now, std::set<TokenId>& told) {
    for (const Write<TokenRecord>& write : changes_.tokens) {
      const TokenRecord& token = *tokens_.at(write.record.id.value);
      if (!token.parent && is_final(token.state) && token.ended_at == now && told.insert(token.id).second)
        add(happened(token, token.state, now));
    }
  }

  void deliveries(Instant now) {
    for (const DeliveryRecord& delivery : changes_.deliveries)
      add(DeliveryHappened{.key = delivery.key,
                           .account = delivery.account,
                           .version = delivery.version,
                           .message = delivery.message,
                           .state = delivery.state,
                           .is_promised = true,
                           .attempts = delivery.attempts,
                           .reason = delivery.reason,
                           .at = delivery.created_at});
    for (const DeliveryProgress& progress : changes_.progress)
      add(DeliveryHappened{.key = progress.key,
                           .account = progress.account,
                           .version = progress.version,
                           .message = progress.message,
                           .state = progress.state,
                           .is_promised = false,
                           .attempts = progress.attempts,
                           .reason = progress.reason,
                           .at = now});
  }

  void groups() {
    for (const GroupChangeRecord& change : changes_.group_changes)
      add(GroupHappened{.account = change.account,
                        .interest = change.interest,
                        .aspect = change.aspect,
                        .before = change.before,
                        .after = change.after,
                        .source = change.source,
                        .at = change.at});
  }

  /// Members are written as well when somebody else answers for them, or when somebody is to stay out who was never in:
  /// nothing has happened to those.
  void members(Instant now) {
    for (const GroupRecord& group : changes_.groups) {
      for (const MemberRecord& member : group.members) {
        const bool was_never_in = member.removed && member.role == NameId{};
        if (member.since != now || was_never_in) continue;
        add(MemberHappened{.account = group.account,
                           .interest = group.interest,
                           .person = member.person,
                           .role = member.role,
                           .is_removed = member.removed,
                           .source = member.source,
                           .at = now});
      }
    }
  }

 private:
  static EnrollmentHappened happened(const TokenRecord& token, std::optional<TokenState> ended, Instant at) {
    return {.enrollment = token.id,
            .account = token.account,
            .person = token.person,
            .version = token.version,
            .ended = ended,
            .at = at};
  }

  template <class What>
  void add(What what) {
    if (to_.list.size() < kMostHappenings)
      to_.list.emplace_back(std::move(what));
    else
      ++to_.dropped;
  }

  const Changes& changes_;
  Happenings& to_;
  std::unordered_map<std::int64_t, const TokenRecord*> tokens_;
};

}  // namespace

std::shared_ptr<const Happenings> HappeningsFinder::find(const Changes& changes, Instant now) {
  if (now != std::exchange(last_, now)) ended_.clear();
  const auto happenings = std::make_shared<Happenings>();
  Finding finding(changes, *happenings);
  finding.entered();
  finding.visits();
  finding.ended(now, ended_);
  finding.deliveries(now);
  finding.groups();
  finding.members(now);
  return happenings;
}

}  // namespace caravan
