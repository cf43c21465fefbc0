#include "engine/api/record_filter.hpp"

namespace caravan::api {
namespace {

/// So many rows are looked at for a page; what lies behind them is for the next.
constexpr std::size_t kMostLookedAt = 10'000;
/// What the conditions of a page may cost together, as journeys/cel/limits.hpp counts: a tenth of a second or so.
constexpr std::uint64_t kMostCost = 5'000'000;
constexpr std::size_t kLongest = 4'096;

/// Whoever only asks gives out no new numbers: a name that nobody has used has one that nobody has.
class KnownAttributes final : public AttributeNames {
 public:
  explicit KnownAttributes(const NameBook& names) : names_(names) {}
  std::uint32_t number_of(std::string_view name) override {
    const std::optional<NameId> id = names_.find(name);
    return id ? static_cast<std::uint32_t>(*id) : first_builtin_field - 1;
  }

 private:
  const NameBook& names_;
};

KnownNames known_names(const Workspace& workspace) {
  KnownNames known;
  for (const auto& [name, interest] : workspace.solution_interests)
    known.solution_interests.push_back(name);
  for (const auto& [name, role_template] : workspace.role_templates) {
    for (const RoleDefinition& role : role_template.roles)
      known.roles.push_back(role.name);
  }
  known.engagement_model = workspace.engagement_model() != nullptr;
  return known;
}

/// The fault's place as people count: letters, from 1.
std::size_t letter_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  return 1 + static_cast<std::size_t>(std::count_if(before.begin(), before.end(), [](char c) {
           return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
         }));
}

[[noreturn]] void refuse(const std::string& sentence) {
  throw Refused({400, "invalid-condition", sentence, "where"});
}

std::shared_ptr<const cel::Program> compile(const std::string& text, const cel::Environment& environment) {
  if (text.size() > kLongest) refuse("`where` is longer than " + std::to_string(kLongest) + " bytes");
  cel::CompileResult result = cel::compile(text, environment, {.expected = cel::Type::boolean()});
  if (result.program) return std::move(result.program);
  std::string sentence = "`where` is no condition: ";
  constexpr std::size_t most_told = 3;
  for (std::size_t i = 0; i < std::min(most_told, result.diagnostics.size()); ++i) {
    const cel::Diagnostic& fault = result.diagnostics[i];
    sentence += (i == 0 ? "" : "; ") + std::string("at letter ") + std::to_string(letter_at(text, fault.offset)) +
                ", " + fault.message + (fault.hint.empty() ? "" : " (" + fault.hint + ")");
  }
  refuse(sentence);
}

}  // namespace

/// A condition with all that it is evaluated by.
struct RecordFilter::Condition {
  Condition(const std::string& text, Scene& scene, std::shared_ptr<const Definitions> published, Of of)
      : definitions(std::move(published)),
        attributes(scene.names),
        reader(scene.reader),
        now(scene.now),
        scores(scene.reader, ScoreBook::Memory::of_what_is_read),
        facts(scene.reader, scene.names, scores) {
    workspace.configuration = definitions->workspace->configuration;
    const auto vocabulary = std::make_shared<const Vocabulary>(definitions->workspace->schema,
                                                               known_names(*definitions->workspace), attributes);
    workspace.vocabulary = vocabulary;
    const caravan::Scope scope = of == Of::accounts ? caravan::Scope::account : caravan::Scope::person;
    program = compile(text, vocabulary->environment(scope, Within::workspace));
    const cel::Reads& reads = program->reads();
    reads_account =
        !reads.functions.empty() || std::any_of(reads.variables.begin(), reads.variables.end(), [](cel::Slot slot) {
          return static_cast<Variable>(slot) == Variable::account || static_cast<Variable>(slot) == Variable::people;
        });
    facts.define(definitions);
    set_facts(evaluation, facts);
  }

  bool holds(Subject& subject, const PersonRecord* person) {
    const std::size_t loaded = subject.loaded() + scores.read();
    facts.about(subject, workspace, now);
    facts.person(person);
    evaluation.reset();
    FactsActivation activation(facts);
    const bool holds = program->evaluate(activation, evaluation).is_true();
    cost += evaluation.limits().cost - evaluation.budget();
    rows_read += subject.loaded() + scores.read() - loaded;
    return holds;
  }

  /// People of one account often lie together.
  Subject& subject_of(const PersonRecord& person) {
    if (last && last->account.id == person.account) return *last;
    std::optional<AccountRecord> account =
        reads_account ? reader.account(person.account) : std::optional<AccountRecord>();
    rows_read += reads_account ? 1 : 0;
    return last.emplace(account ? std::move(*account) : AccountRecord{person.account, {}, {}});
  }

  const std::shared_ptr<const Definitions> definitions;
  KnownAttributes attributes;
  Workspace workspace;  ///< what the condition is compiled in
  std::shared_ptr<const cel::Program> program;
  bool reads_account = false;
  Reader& reader;
  const Instant now;
  ScoreBook scores;
  SubjectFacts facts;
  cel::Evaluation evaluation;
  std::optional<Subject> last;
  std::uint64_t cost = 0;
  std::size_t rows_read = 0;
};

RecordFilter::RecordFilter(const Request& request, Scene& scene, Of of) {
  const std::string* text = request.query_value("where");
  if (!text) return;
  auto definitions = scene.library.definitions();
  if (!definitions) {
    throw Refused({409, "nothing-published",
                   "`where` is read by the newest publication, and there is none that checks: publish the workspace",
                   "where"});
  }
  condition_ = std::make_unique<Condition>(*text, scene, std::move(definitions), of);
}

RecordFilter::~RecordFilter() = default;

bool RecordFilter::fits(AccountRecord& account) {
  ++looked_at_;
  if (!condition_) return true;
  Subject subject(std::move(account));
  const bool holds = condition_->holds(subject, nullptr);
  account = std::move(subject.account);
  return holds;
}

bool RecordFilter::fits(PersonRecord& person) {
  ++looked_at_;
  return !condition_ || condition_->holds(condition_->subject_of(person), &person);
}

bool RecordFilter::is_spent() const {
  if (!condition_) return false;
  return looked_at_ + condition_->rows_read >= kMostLookedAt || condition_->cost >= kMostCost;
}

std::vector<QueryParameter> filter_parameters(RecordFilter::Of of) {
  const std::string example = of == RecordFilter::Of::accounts
                                  ? R"(`account.industry == "technology" && account.employees >= 1000`)"
                                  : R"(`person.title.contains("Chief") && account.employees >= 1000`)";
  return {{"where", "Those alone for whom this condition holds, an expression as journeys have it: " + example +
                        ". One that fails to evaluate, such as where an attribute is missing, does not hold. A page "
                        "looks at a bounded number: one that holds few, or none, has others behind it as long as "
                        "`next` is not null."}};
}

}  // namespace caravan::api
