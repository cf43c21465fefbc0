// The difference as JSON, for other programs.

#include <boost/json/array.hpp>

#include "tools/caravan/report/what_if_report.hpp"

namespace caravan::tools {
namespace {

using boost::json::array;
using boost::json::object;

std::string_view word_for(FigureKey::Kind kind) {
  using Kind = FigureKey::Kind;
  switch (kind) {
    case Kind::entered: return "entered";
    case Kind::completed: return "completed";
    case Kind::left: return "left";
    case Kind::failed: return "failed";
    case Kind::under_way: return "under_way";
    case Kind::reached_goal: return "reached_goal";
    case Kind::visited: return "node";
    case Kind::taken: return "path";
    case Kind::standing: return "standing";
    case Kind::message: return "message";
    case Kind::handed_over: return "handed_over";
    case Kind::grouped: return "group";
    case Kind::stage: return "stage";
  }
  return "figure";
}

object who(const WhoBehind& behind) {
  return {{"count", behind.count}, {"accounts", array(behind.keys.begin(), behind.keys.end())}};
}

object figure_json(const WhatIfFigure& figure) {
  object json{{"figure", to_text(figure.key)}, {"kind", word_for(figure.key.kind)}};
  const bool is_of_journey = figure.key.kind <= FigureKey::Kind::message;
  json[is_of_journey ? "journey" : "solution_interest"] = figure.key.of;
  if (!figure.key.node.empty()) {
    const bool is_place = figure.key.kind == FigureKey::Kind::visited || figure.key.kind == FigureKey::Kind::taken ||
                          figure.key.kind == FigureKey::Kind::standing;
    json[is_place ? "node" : word_for(figure.key.kind)] = figure.key.node;
  }
  if (!figure.key.path.empty()) json["path"] = figure.key.path;
  json["before"] = figure.before;
  json["after"] = figure.after;
  json["more"] = who(figure.more);
  json["fewer"] = who(figure.fewer);
  return json;
}

object shifts_json(const WhatIfShifts& shifts) {
  constexpr double day = 24.0 * 3'600'000.0;
  const auto days = [](std::chrono::milliseconds by) {
    return std::round(static_cast<double>(std::abs(by.count())) / day * 100) / 100;
  };
  array accounts;
  for (const WhatIfShift& shift : shifts.largest)
    accounts.push_back(object{{"account", shift.account}, {"days", days(shift.by)}});
  object json{{"count", shifts.count}, {"accounts", std::move(accounts)}};
  if (shifts.count > 0) json["days_on_average"] = days(shifts.sum / shifts.count);
  return json;
}

boost::json::value mean(double sum, std::int64_t count) {
  if (count == 0) return nullptr;
  return std::round(sum / static_cast<double>(count) * 10) / 10;
}

}  // namespace

object as_json(const WhatIfReport& report) {
  const WhatIfNotes& notes = report.notes;
  array refusals;
  for (const WhatIfRefusal& refusal : notes.refusals)
    refusals.push_back(object{{"at", to_text(refusal.at)}, {"what", refusal.what}, {"why", refusal.why}});
  array figures;
  for (const WhatIfFigure& figure : report.figures)
    figures.push_back(figure_json(figure));
  array interests;
  for (const WhatIfInterest& interest : report.interests) {
    interests.push_back(object{{"solution_interest", interest.interest},
                               {"handed_over_earlier", shifts_json(interest.earlier)},
                               {"handed_over_later", shifts_json(interest.later)},
                               {"completeness_before", mean(interest.completeness_before, interest.groups_before)},
                               {"completeness_after", mean(interest.completeness_after, interest.groups_after)},
                               {"more_complete", who(interest.more_complete)},
                               {"less_complete", who(interest.less_complete)}});
  }
  return {{"from", to_text(notes.from)},
          {"to", to_text(notes.to)},
          {"inputs", notes.inputs},
          {"accounts", report.accounts},
          {"accounts_left_out", report.untold},
          {"why_left_out", report.untold == 0 ? boost::json::value() : boost::json::value(report.why_untold)},
          {"differing", who(report.differing)},
          {"figures", std::move(figures)},
          {"solution_interests", std::move(interests)},
          {"messages_taken_as_delivered", notes.messages_assumed},
          {"answers_taken_as_200", notes.answers_assumed},
          {"publications_left_out", notes.publications_left_out},
          {"refused", notes.refused},
          {"refusals", std::move(refusals)}};
}

}  // namespace caravan::tools
