// The machine itself: slow to compile and quick to run, so it is alone in this file.

#include "engine/lifecycle.hpp"

#define BOOST_MPL_CFG_NO_PREPROCESSED_HEADERS
#define BOOST_MPL_LIMIT_LIST_SIZE 30
#define BOOST_MPL_LIMIT_VECTOR_SIZE 30
#define FUSION_MAX_VECTOR_SIZE 30
#include <boost/msm/back/metafunctions.hpp>
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

namespace caravan {
namespace {

namespace msm = boost::msm;
using msm::front::none;

struct advance {};
struct finish {};
struct wait {};
struct listen {};
struct fork {};
struct join {};
struct wake {};
struct hear {};
struct hold {};
struct resume {};
struct leave {};
struct fail {};

struct Machine_ : msm::front::state_machine_def<Machine_> {
  struct Ready : msm::front::state<> {};
  struct Waiting : msm::front::state<> {};
  struct Listening : msm::front::state<> {};
  struct Joining : msm::front::state<> {};
  struct Held : msm::front::state<> {};
  struct Completed : msm::front::state<> {};
  struct Left : msm::front::state<> {};
  struct Failed : msm::front::state<> {};
  using initial_state = Ready;

  template <class From, class Event, class To>
  using Row = msm::front::Row<From, Event, To, none, none>;

  // clang-format off
  struct transition_table : boost::mpl::vector<
      //  from       verb     to
      Row<Ready,     advance, Ready>,
      Row<Ready,     finish,  Completed>,
      Row<Ready,     wait,    Waiting>,
      Row<Ready,     listen,  Listening>,
      Row<Ready,     fork,    Joining>,
      Row<Ready,     hold,    Held>,
      Row<Ready,     leave,   Left>,
      Row<Ready,     fail,    Failed>,

      Row<Waiting,   wake,    Ready>,
      Row<Waiting,   hold,    Held>,
      Row<Waiting,   leave,   Left>,

      Row<Listening, hear,    Ready>,
      Row<Listening, wake,    Ready>,
      Row<Listening, hold,    Held>,
      Row<Listening, leave,   Left>,

      Row<Joining,   join,    Ready>,
      Row<Joining,   hold,    Held>,
      Row<Joining,   leave,   Left>,

      Row<Held,      resume,  Ready>,
      Row<Held,      leave,   Left>,
      Row<Held,      fail,    Failed>
  > {};
  // clang-format on

  template <class Machine, class Event>
  void no_transition(const Event&, Machine&, int) {
    refused = true;
  }

  bool refused = false;
};

using Machine = msm::back::state_machine<Machine_>;

/// MSM numbers its states in its own order; these are the stored numbers in that order.
template <class State>
constexpr int msm_number = msm::back::get_state_id<Machine::stt, State>::type::value;

struct Numbered {
  int msm;
  TokenState stored;
};
constexpr std::array kNumbers = {
    Numbered{msm_number<Machine_::Ready>, TokenState::ready},
    Numbered{msm_number<Machine_::Waiting>, TokenState::waiting},
    Numbered{msm_number<Machine_::Listening>, TokenState::listening},
    Numbered{msm_number<Machine_::Joining>, TokenState::joining},
    Numbered{msm_number<Machine_::Held>, TokenState::held},
    Numbered{msm_number<Machine_::Completed>, TokenState::completed},
    Numbered{msm_number<Machine_::Left>, TokenState::left},
    Numbered{msm_number<Machine_::Failed>, TokenState::failed},
};

/// The archive through which MSM's own `serialize` restores a state: it hands out the one number there is.
struct Restore {
  int state;
  template <class T>
  Restore& operator&(T& target) {
    if constexpr (std::is_array_v<T> && std::is_same_v<std::remove_extent_t<T>, int>) target[0] = state;
    return *this;
  }
};

template <class Event>
std::optional<TokenState> process(TokenState state, const Event& event) {
  thread_local Machine machine;
  const auto from =
      std::find_if(kNumbers.begin(), kNumbers.end(), [&](const Numbered& n) { return n.stored == state; });
  if (from == kNumbers.end()) return std::nullopt;
  Restore archive{from->msm};
  machine.serialize(archive, 0);
  machine.refused = false;
  machine.process_event(event);
  if (machine.refused) return std::nullopt;
  const int to = machine.current_state()[0];
  return std::find_if(kNumbers.begin(), kNumbers.end(), [&](const Numbered& n) { return n.msm == to; })->stored;
}

}  // namespace

std::optional<TokenState> after(TokenState state, Verb verb) {
  switch (verb) {
    case Verb::advance: return process(state, advance{});
    case Verb::finish: return process(state, finish{});
    case Verb::wait: return process(state, wait{});
    case Verb::listen: return process(state, listen{});
    case Verb::fork: return process(state, fork{});
    case Verb::join: return process(state, join{});
    case Verb::wake: return process(state, wake{});
    case Verb::hear: return process(state, hear{});
    case Verb::hold: return process(state, hold{});
    case Verb::resume: return process(state, resume{});
    case Verb::leave: return process(state, leave{});
    case Verb::fail: return process(state, fail{});
  }
  return std::nullopt;
}

std::string_view to_text(TokenState state) {
  switch (state) {
    case TokenState::ready: return "ready";
    case TokenState::waiting: return "waiting";
    case TokenState::listening: return "listening";
    case TokenState::joining: return "joining";
    case TokenState::held: return "held";
    case TokenState::completed: return "completed";
    case TokenState::left: return "left";
    case TokenState::failed: return "failed";
  }
  return "unknown";
}

std::string_view to_text(Verb verb) {
  constexpr std::array names = {"advance", "finish", "wait", "listen", "fork",  "join",
                                "wake",    "hear",   "hold", "resume", "leave", "fail"};
  return names[static_cast<std::size_t>(verb)];
}

}  // namespace caravan
