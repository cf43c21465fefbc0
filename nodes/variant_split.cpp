// variant_split: accounts or people take paths by percentage.

#include "nodes/variant_split.hpp"

#include "nodes/murmur_hash.hpp"
#include "nodes/registry.hpp"

namespace caravan {

PathIndex path_of_bucket(std::span<const std::int64_t> percentages, std::uint32_t bucket) {
  std::int64_t below = 0;
  for (std::size_t path = 0; path < percentages.size(); ++path) {
    below += percentages[path] * 100;
    if (bucket < below) return PathIndex{static_cast<std::uint16_t>(path)};
  }
  assert(!"percentages add up to 100");
  return PathIndex{static_cast<std::uint16_t>(percentages.size() - 1)};
}

PathIndex path_of_quota(std::span<const std::int64_t> percentages, std::span<const std::int64_t> taken) {
  const std::int64_t total = std::accumulate(taken.begin(), taken.end(), std::int64_t{1});
  std::optional<std::size_t> best;
  for (std::size_t path = 0; path < percentages.size(); ++path) {
    if (taken[path] * 100 >= percentages[path] * total) continue;
    if (!best || percentages[path] * (taken[*best] + 1) > percentages[*best] * (taken[path] + 1)) best = path;
  }
  assert(best);  // the counts are one short of the total, so some path is behind
  return PathIndex{static_cast<std::uint16_t>(*best)};
}

namespace {

enum class By { whom_it_runs_for, accounts, people };
enum class Assign { hash, quota };

class VariantSplit final : public Node {
 public:
  VariantSplit(std::vector<std::int64_t> percentages, By by, Assign assign)
      : percentages_(std::move(percentages)), by_(by), assign_(assign) {}

  Step visit(Scene& scene) const override {
    std::vector<std::int64_t> taken = assign_ == Assign::quota ? counts(scene) : std::vector<std::int64_t>();
    if (by_ != By::people || scene.person() != nullptr) {
      return Advance{.path = next_path(scene, by_ == By::accounts ? nullptr : scene.person(), taken)};
    }
    Fork fork;
    for (const PersonRecord& person : scene.people())
      fork.branches.push_back({person.id, next_path(scene, &person, taken)});
    return fork;
  }

 private:
  /// The path of a subject, counted in `taken` where that matters to the next.
  PathIndex next_path(Scene& scene, const PersonRecord* person, std::vector<std::int64_t>& taken) const {
    if (assign_ == Assign::hash)
      return path_of_bucket(percentages_, bucket_of(scene.subject_key(person), scene.journey_name()));
    const PathIndex path = path_of_quota(percentages_, taken);
    ++taken[static_cast<std::size_t>(path)];
    return path;
  }

  std::vector<std::int64_t> counts(Scene& scene) const {
    std::vector<std::int64_t> taken;
    for (std::size_t path = 0; path < percentages_.size(); ++path)
      taken.push_back(scene.taken(PathIndex{static_cast<std::uint16_t>(path)}));
    return taken;
  }

  std::vector<std::int64_t> percentages_;  ///< by path
  By by_;
  Assign assign_;
};

std::unique_ptr<Node> compile(const NodeDefinition& definition, NodeCompiler&) {
  std::vector<std::int64_t> percentages;
  for (const PathDefinition& path : definition.paths)
    percentages.push_back(path.percent);
  const auto* by = definition.setting<std::string>("by");
  const auto* assign = definition.setting<std::string>("assign");
  return std::make_unique<VariantSplit>(std::move(percentages),
                                        !by               ? By::whom_it_runs_for
                                        : *by == "people" ? By::people
                                                          : By::accounts,
                                        assign && *assign == "quota" ? Assign::quota : Assign::hash);
}

}  // namespace

const NodeType& variant_split_node() {
  static const NodeType type{
      .shape =
          {
              .type = "variant_split",
              .summary =
                  "Accounts, or people, take paths by percentage; the same one always takes the same path of the same "
                  "journey.",
              .short_form = "paths",
              .keys =
                  {
                      {.name = "paths",
                       .kind = KeyKind::paths,
                       .required = true,
                       .summary = "2 to 20 paths with `percent`, whole numbers from 1 to 99 that add up to 100."},
                      {.name = "by",
                       .kind = KeyKind::choice,
                       .summary =
                           "`accounts`: all people of an account go the same way. `people`: each person takes a path "
                           "of their own, and all come together after the split. Without it, the account, or the "
                           "person where the node runs for one.",
                       .choices = {"accounts", "people"}},
                      {.name = "assign",
                       .kind = KeyKind::choice,
                       .summary =
                           "`hash` (default): by the subject's key, the same way at every entry. `quota`: in turn, so "
                           "that the counts stay within one of the percentages; another entry may take another path.",
                       .choices = {"hash", "quota"}},
                  },
              .continues = Continues::by_paths,
              .paths =
                  PathShape{.minimum = 2, .maximum = 20, .choice = PathChoice::percent, .people = ForPeople::by_people},
              .example = R"(id: two-stories
variant_split:
  - path: short
    percent: 50
    nodes:
      - id: short-story
        send_email: short-story
  - path: long
    percent: 50
    nodes:
      - id: long-story
        send_email: long-story
)",
          },
      .compile = compile,
  };
  return type;
}

}  // namespace caravan
