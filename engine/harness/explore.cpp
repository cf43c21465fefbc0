// The search: every recipe by itself at first, then at random after what is
// still open; then as few plans as take all that was found, each as small as it
// can be.

#include "engine/harness/explore.hpp"

#include "engine/harness/explore_driver.hpp"
#include "engine/harness/explore_names.hpp"
#include "engine/harness/explore_proof.hpp"

namespace caravan {
namespace exploring {
namespace {

/// Monday, 5 January 2026, 09:00 UTC, where the journey lets anybody in then.
Instant beginning_of(const JourneyDefinition& journey) {
  const Instant monday = std::chrono::sys_days(std::chrono::year{2026} / 1 / 5) + std::chrono::hours(9);
  if (journey.from && *journey.from > monday) return *journey.from;
  if (journey.to && *journey.to <= monday) return *journey.to - std::chrono::days(1);
  return monday;
}

Taken operator-(const Taken& left, const Taken& right) {
  Taken rest;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::inserter(rest, rest.end()));
  return rest;
}

bool has_all(const Taken& taken, const Taken& wanted) {
  return std::includes(taken.begin(), taken.end(), wanted.begin(), wanted.end());
}

class Search {
 public:
  Search(const Ground& ground, const Coverage& covered, const ExploreSettings& settings)
      : ground_(ground),
        settings_(settings),
        proofs_(*ground.workspace, ground.journey),
        at_(beginning_of(ground.journey)),
        recipes_(recipes_of(*ground.workspace, ground.journey, at_)),
        driver_(ground, recipes_, at_, settings.seed) {
    for (const CoverCount& count : covered.counts())
      points_.push_back(count.point);
    const std::vector<CoverCount> counts = covered.counts();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (counts[i].point.journey != ground.journey.name) continue;
      mine_.insert(i);
      if (counts[i].times > 0) {
        before_.insert(i);
      } else if (std::optional<std::string> why = proofs_.why_not(counts[i].point)) {
        proved_.emplace(i, std::move(*why));
      } else {
        open_.insert(i);
      }
    }
  }

  Exploration run() {
    try_recipes();
    while (!is_over())
      attempt(random_aim());
    Exploration result;
    result.tried = tried_;
    result.found = choose();
    Taken after = before_;
    for (const Found& each : found_)
      after.insert(each.taken.begin(), each.taken.end());
    const auto all = static_cast<std::int64_t>(mine_.size());
    result.before = {static_cast<std::int64_t>(before_.size()), all};
    result.after = {static_cast<std::int64_t>(after.size()), all};
    for (const std::size_t point : mine_ - after) {
      const auto proved = proved_.find(point);
      result.open.push_back({points_[point], proved == proved_.end() ? "" : proved->second});
    }
    return result;
  }

 private:
  struct Found {
    Plan plan;
    Taken taken;
  };

  bool is_over() const { return tried_ >= settings_.plans || open_.empty(); }

  /// Each by itself, in every company, with all that is listened for heard and
  /// with none of it.
  void try_recipes() {
    for (const Company company : {Company::recipe, Company::team, Company::alone}) {
      std::set<std::string> tried;
      for (const Recipe& recipe : recipes_.of_points) {
        if (!tried.insert(text_of(recipe)).second) continue;
        for (const bool hear : {true, false}) {
          if (is_over()) return;
          Aim aim;
          aim.recipe = &recipe;
          aim.company = company;
          for (const auto& [node, patterns] : recipes_.of_patterns)
            (hear ? aim.heard : aim.timed_out).insert(node);
          attempt(aim);
          if (recipes_.of_patterns.empty()) break;
        }
      }
    }
  }

  /// The same for recipes that make the same.
  static std::string text_of(const Recipe& recipe) {
    std::string text;
    const auto add = [&](const ScenarioFields& fields) {
      for (const ScenarioField& field : fields)
        text += field.name + " " + yaml_of(field.value) + "\n";
    };
    add(recipe.account);
    text += recipe.person ? "person\n" : "";
    if (recipe.person) add(*recipe.person);
    return text;
  }

  Aim random_aim() {
    Aim aim;
    aim.company = driver_.once_in(3) ? Company::team : Company::some;
    aim.late = driver_.once_in(3);
    const std::size_t nth = driver_.pick(open_.size());
    const CoverPoint& target = points_[*std::next(open_.begin(), static_cast<std::ptrdiff_t>(nth))];
    std::vector<const Recipe*> fitting;
    for (const Recipe& recipe : recipes_.of_points)
      if (recipe.target.node == target.node || target.node.empty()) fitting.push_back(&recipe);
    if (fitting.empty() || driver_.once_in(4)) {
      for (const Recipe& recipe : recipes_.of_points)
        fitting.push_back(&recipe);
    }
    if (!fitting.empty()) aim.recipe = fitting[driver_.pick(fitting.size())];
    for (const std::size_t point : open_) {
      const CoverPoint& each = points_[point];
      if (each.kind == CoverPoint::Kind::time_out) aim.timed_out.insert(each.node);
      if (each.kind == CoverPoint::Kind::path && each.path == kHeard) aim.heard.insert(each.node);
    }
    return aim;
  }

  void attempt(const Aim& aim) {
    ++tried_;
    if (settings_.progress && tried_ % 16 == 0) settings_.progress(tried_, open_.size());
    PlanRun run(ground_, driver_.begin(aim));
    if (!run.is_sound()) return;
    driver_.drive(run, aim);
    Taken taken = run.taken();
    const bool is_new =
        std::any_of(taken.begin(), taken.end(), [&](std::size_t point) { return open_.contains(point); });
    if (!is_new) return;
    for (const std::size_t point : taken)
      open_.erase(point);
    found_.push_back({run.plan(), std::move(taken)});
  }

  // Of what was found, as little as does.

  std::optional<Taken> taken_by(const Plan& plan) const {
    PlanRun run(ground_, plan);
    if (!run.is_sound()) return std::nullopt;
    run.do_all(plan.steps);
    return run.taken();
  }

  /// The plan that takes most of what is left, made as small as it can be, and
  /// so on until nothing is left.
  std::vector<ExploredScenario> choose() {
    Taken left;
    for (const Found& each : found_) {
      const Taken its = each.taken - before_;
      left.insert(its.begin(), its.end());
    }
    std::vector<ExploredScenario> chosen;
    std::set<std::string> names;
    while (!left.empty()) {
      const Found* best = nullptr;
      Taken gain;
      for (const Found& each : found_) {
        Taken its;
        std::set_intersection(each.taken.begin(), each.taken.end(), left.begin(), left.end(),
                              std::inserter(its, its.end()));
        if (its.size() <= gain.size()) continue;
        best = &each;
        gain = std::move(its);
      }
      if (best == nullptr) break;
      const Plan plan = minimised(best->plan, gain);
      PlanRun run(ground_, plan);
      run.do_all(plan.steps);
      const Taken taken = run.taken();
      ExploredScenario scenario{run.scenario(), {}};
      for (const std::size_t point : gain)
        scenario.reaches.push_back(points_[point]);
      scenario.scenario.name = unlike(name_of(scenario.scenario, scenario.reaches), names);
      chosen.push_back(std::move(scenario));
      left = left - taken;
    }
    return chosen;
  }

  /// Whole words of `name`, and a number where it is one of `names` already.
  static std::string unlike(const std::string& name, std::set<std::string>& names) {
    constexpr std::size_t kRoomForNumber = 12;
    std::string first = name;
    if (first.size() > kLongestScenarioName - kRoomForNumber) {
      const std::string ending = " …";
      first.resize(first.rfind(' ', kLongestScenarioName - kRoomForNumber - ending.size()));
      first += ending;
    }
    std::string found = first;
    for (int number = 2; !names.insert(found).second; ++number)
      found = first + " (" + std::to_string(number) + ")";
    return found;
  }

  Plan minimised(Plan plan, const Taken& wanted) const {
    const auto still_does = [&](const Plan& smaller) {
      const std::optional<Taken> taken = taken_by(smaller);
      return taken && has_all(*taken, wanted);
    };
    const auto drop_each = [&](auto list_of) {
      for (std::size_t i = list_of(plan).size(); i-- > 0;) {
        Plan smaller = plan;
        auto& list = list_of(smaller);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
        if (still_does(smaller)) plan = std::move(smaller);
      }
    };
    drop_each([](Plan & each) -> auto& { return each.steps; });
    drop_each([](Plan & each) -> auto& { return each.people; });
    drop_each([](Plan & each) -> auto& { return each.accounts.front().attributes; });
    for (std::size_t person = 0; person < plan.people.size(); ++person)
      drop_each([&](Plan & each) -> auto& { return each.people[person].attributes; });
    // With fewer people or attributes, other steps may be needless.
    drop_each([](Plan & each) -> auto& { return each.steps; });
    return plan;
  }

  const Ground& ground_;
  const ExploreSettings& settings_;
  Proofs proofs_;
  Instant at_;
  Recipes recipes_;
  Driver driver_;
  std::vector<CoverPoint> points_;
  Taken mine_;    ///< the points of the journey
  Taken before_;  ///< what scenarios take
  Taken open_;    ///< what may be found
  std::map<std::size_t, std::string> proved_;
  std::vector<Found> found_;
  std::size_t tried_ = 0;
};

}  // namespace
}  // namespace exploring

Exploration explore(std::shared_ptr<const Workspace> workspace, NameBook& names, const JourneyDefinition& journey,
                    const Coverage& covered, const ExploreSettings& settings) {
  const Coverage nothing(*workspace);
  const exploring::Ground ground{std::move(workspace), names, journey, nothing};
  return exploring::Search(ground, covered, settings).run();
}

}  // namespace caravan
