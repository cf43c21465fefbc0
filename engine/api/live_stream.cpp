#include "engine/api/live_stream.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "engine/api/routes.hpp"
#include "engine/report/happening_json.hpp"

namespace caravan::api {
namespace {

namespace json = boost::json;

/// Happenings that are kept for those who come back: some tens of megabytes at most.
constexpr std::size_t kMostKept = 200'000;

/// How much a follower is given at once.
constexpr std::size_t kPart = 65'536;

/// So many that a filter leaves out are looked at before the I/O thread does something else.
constexpr std::size_t kLookedAtOnce = 5'000;

const std::vector<std::string> kTypes = {"visit", "enrollment", "delivery", "group", "member"};

struct Filter {
  std::set<std::size_t> types;  ///< by alternative of Happening; empty: all
  std::string journey;
  std::string account;
};

/// Which alternative of Happening is called what.
std::size_t type_index(const Happening& happening) {
  struct {
    std::size_t operator()(const VisitHappened&) const { return 0; }
    std::size_t operator()(const EnrollmentHappened&) const { return 1; }
    std::size_t operator()(const DeliveryHappened&) const { return 2; }
    std::size_t operator()(const GroupHappened&) const { return 3; }
    std::size_t operator()(const MemberHappened&) const { return 4; }
  } index;
  return std::visit(index, happening);
}

/// Before anything is looked up for it.
bool fits(const Happening& happening, const Filter& filter, KeyBook& keys, AllNames& names) {
  if (!filter.types.empty() && !filter.types.contains(type_index(happening))) return false;
  return std::visit(
      [&](const auto& each) {
        if constexpr (requires { each.version; }) {
          if (!filter.journey.empty() && names.journey_of(each.version) != filter.journey) return false;
        } else if (!filter.journey.empty()) {
          return false;
        }
        return filter.account.empty() || keys.account(each.account) == filter.account;
      },
      happening);
}

Filter filter_of(const Request& request) {
  Filter filter;
  if (const std::string* journey = request.query_value("journey")) filter.journey = *journey;
  if (const std::string* account = request.query_value("account")) filter.account = *account;
  const std::string* types = request.query_value("types");
  for (std::string_view rest = types ? *types : std::string_view(); !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    const auto found = std::find(kTypes.begin(), kTypes.end(), word);
    if (found == kTypes.end()) {
      throw Refused({400, "invalid-parameter",
                     "`types` is a list of visit, enrollment, delivery, group and member, joined by commas", "types"});
    }
    filter.types.insert(static_cast<std::size_t>(found - kTypes.begin()));
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
  }
  return filter;
}

/// However a look at the store ends, its snapshot is let go.
struct Refresh {
  Reader& reader;
  ~Refresh() {
    try {
      reader.refresh();
    } catch (const StoreError&) {
      // The next look meets it again.
    }
  }
};

}  // namespace

struct LiveStream::State {
  State(Store& store, NameBook& the_names, JourneyLibrary& the_library)
      : reader(store.reader()),
        names(the_names),
        library(the_library),
        epoch(std::to_string(
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count())) {}

  struct Kept {
    std::int64_t first = 0;  ///< the number of the first of them
    std::shared_ptr<const Happenings> happenings;
  };

  /// Names of versions that were published since are read anew.
  AllNames& names_now() {
    const auto versions = reader->greatest().version;
    if (!version_names || versions != newest) version_names.emplace(library, *reader);
    newest = versions;
    return *version_names;
  }

  std::unique_ptr<Reader> reader;
  NameBook& names;
  JourneyLibrary& library;
  KeyBook keys{*reader};
  std::optional<AllNames> version_names;
  VersionId newest;         ///< that they know
  const std::string epoch;  ///< ids of another run of the daemon are not ours
  std::deque<Kept> kept;
  std::size_t kept_count = 0;
  std::int64_t next = 1;
  std::set<Follower*> followers;
};

class LiveStream::Follower final : public Feed {
 public:
  Follower(std::shared_ptr<State> state, Filter filter, std::int64_t position, std::string gap)
      : state_(std::move(state)), filter_(std::move(filter)), position_(position), gap_(std::move(gap)) {
    state_->followers.insert(this);
  }
  ~Follower() override { state_->followers.erase(this); }

  bool next(std::string& to, std::function<void()> wake) override {
    if (!gap_.empty()) to += "event: gap\ndata: " + json::serialize(json::object{{"reason", gap_}}) + "\n\n";
    gap_.clear();
    // What opens a stream is sent at once, so that a client knows that it is heard.
    if (!std::exchange(is_open_, true)) to += "retry: 3000\n\n";
    tell(to);
    if (!to.empty()) return true;
    if (position_ < state_->next) {  // a filter has left out all that was looked at
      to = ": \n\n";
      return true;
    }
    wake_ = std::move(wake);
    return false;
  }

  void abandon() override { wake_ = nullptr; }

  void stir() {
    if (wake_) std::exchange(wake_, nullptr)();
  }

 private:
  void tell(std::string& to) {
    if (position_ >= state_->next) return;
    if (!state_->kept.empty() && position_ < state_->kept.front().first) {
      to +=
          "event: gap\ndata: {\"reason\":\"this client was too slow: what happened meanwhile is not kept any "
          "more\"}\n\n";
      position_ = state_->kept.front().first;
    }
    const Refresh refresh{*state_->reader};
    HappeningTeller teller(state_->keys, state_->names_now(), state_->names);
    auto kept = std::upper_bound(state_->kept.begin(), state_->kept.end(), position_,
                                 [](std::int64_t number, const State::Kept& each) { return number < each.first; });
    if (kept != state_->kept.begin()) --kept;
    std::size_t looked_at = 0;
    for (; kept != state_->kept.end() && to.size() < kPart && looked_at < kLookedAtOnce; ++kept) {
      const std::vector<Happening>& list = kept->happenings->list;
      for (auto i = static_cast<std::size_t>(position_ - kept->first);
           i < list.size() && to.size() < kPart && looked_at < kLookedAtOnce; ++i, ++position_, ++looked_at)
        tell(list[i], teller, to);
      const bool is_through = position_ == kept->first + static_cast<std::int64_t>(list.size());
      if (is_through && kept->happenings->dropped > 0)
        to += "event: gap\ndata: {\"reason\":\"" + std::to_string(kept->happenings->dropped) +
              " more happened in one transaction than are told\"}\n\n";
      if (!is_through) break;
    }
  }

  void tell(const Happening& happening, HappeningTeller& teller, std::string& to) {
    if (!fits(happening, filter_, state_->keys, *state_->version_names)) return;
    const std::size_t type = type_index(happening);
    const json::object told = std::visit(teller, happening);
    to += "id: " + state_->epoch + "-" + std::to_string(position_) + "\nevent: " + kTypes[type] +
          "\ndata: " + json::serialize(told) + "\n\n";
  }

  const std::shared_ptr<State> state_;
  const Filter filter_;
  std::int64_t position_;  ///< of the next to be told
  std::string gap_;        ///< why what was asked for is not all there; told first
  bool is_open_ = false;
  std::function<void()> wake_;
};

LiveStream::LiveStream(Store& store, NameBook& names, JourneyLibrary& library)
    : state_(std::make_shared<State>(store, names, library)) {}

LiveStream::~LiveStream() = default;

void LiveStream::add(const std::shared_ptr<const Happenings>& happenings) {
  if (!happenings || (happenings->list.empty() && happenings->dropped == 0)) return;
  state_->kept.push_back({state_->next, happenings});
  state_->next += static_cast<std::int64_t>(happenings->list.size());
  state_->kept_count += happenings->list.size();
  while (state_->kept_count > kMostKept) {
    state_->kept_count -= state_->kept.front().happenings->list.size();
    state_->kept.pop_front();
  }
  for (Follower* follower : state_->followers)
    follower->stir();
}

Route LiveStream::route() {
  const auto begin = [state = state_](const Request& request) -> std::shared_ptr<Feed> {
    Filter filter = filter_of(request);
    const std::string* last = request.header("last-event-id");
    if (!last) last = request.query_value("after");
    if (!last) return std::make_shared<Follower>(state, std::move(filter), state->next, "");
    std::int64_t number = 0;
    const std::string start = state->epoch + "-";
    const char* const end = last->data() + last->size();
    const bool is_ours = last->starts_with(start) &&
                         std::from_chars(last->data() + start.size(), end, number).ptr == end && number >= 0 &&
                         number < state->next;
    if (is_ours) return std::make_shared<Follower>(state, std::move(filter), number + 1, "");
    return std::make_shared<Follower>(state, std::move(filter), state->next,
                                      "the daemon was started anew since: what happened before is told by lists");
  };
  return {.method = Method::get,
          .path = "/v1/stream",
          .id = "followStream",
          .tag = "Stream",
          .scope = Scope::read,
          .summary = "What happens, as it happens: server-sent events",
          .description =
              "Events are `visit`, `enrollment`, `delivery`, `group` and `member`, each with an id. Whoever comes back "
              "with `Last-Event-ID` goes on behind it. Where that is too long ago, or the daemon was started anew, an "
              "event `gap` says so: what is missing is in the lists.",
          .query = {{"types", "These types of events alone, joined by commas."},
                    {"journey", "Of this journey alone."},
                    {"account", "Of this account alone."},
                    {"after", "The id behind which it goes on, for clients that cannot send `Last-Event-ID`."}},
          .answers = {{200, "Events, until the client leaves", "", "text/event-stream"},
                      problem_answer(503, "As many streams as may be are open")},
          .handle = BeginFeed{"text/event-stream", begin}};
}

}  // namespace caravan::api
