// What is said of a store by its own rows. Each check reads a bounded number of them.

#include <fstream>

#include <sys/timex.h>

#include "engine/journey_library.hpp"
#include "engine/name_book.hpp"
#include "storage/archive.hpp"
#include "tools/caravan/doctor/finding.hpp"
#include "tools/caravan/engine_command.hpp"

namespace caravan::tools {
namespace {

using namespace std::chrono_literals;

/// More is `more than 10,000`.
constexpr std::size_t kMostCounted = 10'000;
/// An engine that keeps up is never so late.
constexpr std::chrono::milliseconds kLate = 5min;
constexpr std::chrono::milliseconds kVeryLate = 1h;
constexpr std::chrono::milliseconds kAhead = 1min;
constexpr std::chrono::milliseconds kRecent = 24h;

std::string at_most(std::size_t number, std::string_view one, std::string_view many) {
  if (number > kMostCounted) return "more than " + counted(static_cast<std::int64_t>(kMostCounted), one, many);
  return counted(static_cast<std::int64_t>(number), one, many);
}

std::string how_long(std::chrono::milliseconds time) {
  if (time >= 48h) return std::to_string(std::chrono::floor<std::chrono::days>(time).count()) + " days";
  return human_seconds(std::chrono::duration<double>(time).count());
}

class EngineCheck {
 public:
  EngineCheck(Store& store, const std::filesystem::path& database, const std::optional<StoreWriter>& writer,
              Instant now, Findings& to)
      : store_(store),
        reader_(store.reader()),
        database_(database),
        writer_(writer),
        store_time_(reader_->engine_time()),
        now_(now),
        present_(present()),
        to_(to) {}

  void run() {
    check_clock();
    check_due();
    check_held();
    check_doubtful();
    check_failed();
    check_pending();
    check_versions();
    check_archives();
  }

 private:
  void say(Health health, std::string check, std::string what, std::string to_do = {}) {
    to_.push_back({health, std::move(check), std::move(what), std::move(to_do)});
  }

  /// By which time something is late: an engine in real time may have had nothing to write for long.
  Instant present() const {
    if (writer_ && store_time_ && *store_time_ <= now_ && is_time_lapse(writer_->process) == false) return now_;
    return present_of(store_time_, now_);
  }

  void check_clock() {
    // The kernel knows whether anything corrects it; asking changes nothing.
    timex state{};
    const bool is_kept = ::adjtimex(&state) != TIME_ERROR;
    const std::string machine = "the machine's time is " + short_time(now_) +
                                (is_kept ? "" : ", which no time service keeps right, as far as the kernel knows");
    if (!store_time_) return say(Health::ok, "clock", machine + "; no engine has run on this database yet");
    const std::string store = "the engine's is " + short_time(*store_time_);
    if (*store_time_ > now_ + kAhead) {
      return say(Health::warning, "clock",
                 machine + ", " + store + ", ahead by " + how_long(*store_time_ - now_) +
                     ": in real time nothing would happen until the machine has caught up",
                 "set the machine's clock, or go on in time lapse (`caravan serve --speed`), whichever it is");
    }
    if (!writer_ && now_ - *store_time_ > kRecent) {
      return say(Health::warning, "clock",
                 machine + ", " + store + ": the engine has not written for " + how_long(now_ - *store_time_),
                 "start it, unless this database is one of a time lapse");
    }
    say(Health::ok, "clock", machine + ", " + store);
  }

  void check_due() {
    const std::optional<Instant> first = reader_->next_due();
    if (!first) return say(Health::ok, "due", "nobody waits for a time");
    if (*first + kLate >= present_)
      return say(Health::ok, "due", "nobody is late; who is next, is due at " + short_time(*first));
    std::vector<TokenRecord> late;
    reader_->due_tokens(present_ - kLate, {}, kMostCounted + 1, late);
    const std::string what = at_most(late.size(), "token is", "tokens are") + " due and not woken, the first for " +
                             how_long(present_ - *first);
    if (!writer_) return say(Health::warning, "due", what + ": no engine runs", "start it: `caravan serve`");
    say(present_ - *first > kVeryLate ? Health::fault : Health::warning, "due",
        what + ", while an engine runs: it is behind, or it hangs",
        "look at its log and at the load of the machine; restarting it is safe at any time");
  }

  void check_held() {
    std::vector<TokenRecord> held;
    reader_->held_tokens({}, kMostCounted + 1, held);
    const auto failing = static_cast<std::size_t>(std::count_if(
        held.begin(), held.end(), [](const TokenRecord& token) { return token.resume == Resume::visit; }));
    const auto given_up =
        static_cast<std::size_t>(std::count_if(held.begin(), held.end(), [](const TokenRecord& token) {
          return token.resume == Resume::visit && !token.due_at;
        }));
    if (failing == 0) {
      return say(
          Health::ok, "held",
          held.empty() ? "nobody is held" : at_most(held.size(), "token is", "tokens are") + " held by a pause alone");
    }
    say(Health::warning, "held",
        at_most(failing, "token is", "tokens are") + " held at a node that failed, " +
            counted(static_cast<std::int64_t>(given_up), "of them is", "of them are") + " not tried again by itself",
        "`caravan status` shows where, `caravan show account KEY` why; then `caravan retry`, `skip` or `remove`");
  }

  void check_doubtful() {
    std::vector<DeliveryRecord> doubtful;
    reader_->deliveries_in(DeliveryState::in_doubt, kMostCounted + 1, doubtful);
    if (doubtful.empty()) return;
    say(Health::warning, "deliveries",
        at_most(doubtful.size(), "delivery is", "deliveries are") +
            " in doubt: under way when the engine died, and its channel holds such",
        "ask the receiving side for the keys; `in_doubt: retry` in caravan.yaml sends such again from now on");
  }

  void check_failed() {
    std::vector<DeliveryRecord> failed;
    reader_->deliveries_in(DeliveryState::failed, kMostCounted, failed);
    std::int64_t recent = 0;
    const DeliveryRecord* last = nullptr;
    for (const DeliveryRecord& delivery : failed) {
      if (!delivery.ended_at || *delivery.ended_at + kRecent < present_) continue;
      ++recent;
      if (!last || *delivery.ended_at > *last->ended_at) last = &delivery;
    }
    if (recent == 0) return;
    say(Health::warning, "deliveries",
        counted(recent, "delivery was", "deliveries were") + " given up within a day, the last with: " + last->reason,
        "`caravan status` shows which messages; mend the address or the channel");
  }

  void check_pending() {
    std::vector<PendingMessage> messages;
    reader_->pending_messages(messages);
    std::size_t failing = 0;
    std::size_t late = 0;
    std::string reason;
    for (const PendingMessage& message : messages) {
      std::vector<DeliveryRecord> pending;
      reader_->pending_deliveries(message.version, message.message, Instant::max(), kMostCounted, pending);
      for (const DeliveryRecord& delivery : pending) {
        failing += delivery.attempts > 0 ? 1 : 0;
        if (delivery.attempts > 0) reason = delivery.reason;
        late += delivery.next_attempt_at && *delivery.next_attempt_at + kLate < present_ ? 1 : 0;
      }
    }
    if (failing > 0) {
      say(Health::warning, "deliveries",
          at_most(failing, "delivery", "deliveries") + " failed and will be tried again; one with: " + reason,
          "see to the channel or the connection; the engine goes on by itself");
    }
    if (late > 0) {
      say(Health::warning, "deliveries",
          at_most(late, "delivery has", "deliveries have") + " waited for more than " + how_long(kLate) +
              (writer_ ? ", while an engine runs" : ": no engine runs"),
          writer_ ? "the channel is slower than what is sent, or hangs: look at the engine's log"
                  : "start it: `caravan serve`");
    }
    if (failing == 0 && late == 0)
      say(Health::ok, "deliveries", "none of those that are to be made has failed or is late");
  }

  void check_versions() {
    NameBook names(*reader_);
    JourneyLibrary library(store_, names);
    std::map<VersionId, std::int64_t> standing;
    std::map<VersionId, std::int64_t> errors;
    for (const auto& [key, amount] : reader_->counters()) {
      if (key.kind == CounterKind::standing) standing[key.version] += amount;
      if (key.kind == CounterKind::expression_errors) errors[key.version] += amount;
    }
    std::int64_t sound = 0;
    for (const VersionRecord& version : reader_->versions()) {
      if (!version.live && standing[version.id] == 0) continue;
      const std::string name = printable(version.journey) + ", version " + std::to_string(version.number);
      if (const std::string fault = fault_of(library, version.id); !fault.empty()) {
        say(Health::fault, "versions",
            fault + " (" + counted(standing[version.id], "token waits", "tokens wait") + " in it)",
            "`caravan check`, mend the journey, and publish it with `caravan publish --move`");
      } else {
        ++sound;
      }
      if (version.live && errors[version.id] > 0) {
        say(Health::warning, "expressions",
            name + ": " + counted(errors[version.id], "expression has failed", "expressions have failed") +
                " since it was published",
            "`caravan show account KEY` shows them on timelines; write has(), or orValue() where nothing may be there");
      }
    }
    if (sound > 0) say(Health::ok, "versions", counted(sound, "published version checks", "published versions check"));
  }

  static std::string fault_of(JourneyLibrary& library, VersionId version) {
    try {
      library.version(version);
      return {};
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }

  void check_archives() {
    for (const ArchiveFigures& archive : archive_figures(database_, store_.installation(), reader_->history()))
      if (!archive.problem.empty()) say(Health::fault, "archives", archive.problem, "bring it back from a backup");
  }

  Store& store_;
  std::unique_ptr<Reader> reader_;
  const std::filesystem::path& database_;
  const std::optional<StoreWriter>& writer_;
  const std::optional<Instant> store_time_;
  const Instant now_;
  const Instant present_;
  Findings& to_;
};

}  // namespace

std::optional<bool> is_time_lapse(std::int64_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/cmdline", std::ios::binary);
  std::optional<bool> found;
  for (std::string word; std::getline(file, word, '\0');)
    found = found.value_or(false) || word == "--speed" || word.starts_with("--speed=");
  return found;
}

void check_engine(Store& store, const std::filesystem::path& database, const std::optional<StoreWriter>& writer,
                  Instant now, Findings& to) {
  EngineCheck(store, database, writer, now, to).run();
}

}  // namespace caravan::tools
