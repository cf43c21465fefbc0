// Which mails somebody wants: unsubscribing by one click or by a button, and the page of preferences. What somebody
// asks for is answered when it is done. A GET changes nothing: programs that look mails through follow their links.

#include "engine/api/dispatcher.hpp"
#include "engine/api/public_pages.hpp"
#include "engine/api/public_routes.hpp"
#include "engine/consent.hpp"
#include "engine/lower_case.hpp"
#include "journeys/events.hpp"

namespace caravan::api {
namespace {

using Shared = std::shared_ptr<PublicDesk>;
using Topics = std::vector<TopicDefinition>;

constexpr std::string_view kOneClick = "List-Unsubscribe";
constexpr std::string_view kOneClickValue = "One-Click";
constexpr std::size_t kLongestChoice = 16'384;  ///< the form of all topics that there may be

Response busy_page() {
  return as_page(Problem{503, "busy", "", "", std::chrono::seconds(5)});
}

Response too_often_page(std::chrono::milliseconds wait) {
  return as_page(Problem{429, "too-many-requests", "", "", std::chrono::ceil<std::chrono::seconds>(wait)});
}

// What is asked for

/// Mails of a topic, or all mails, are wanted or not.
struct Wish {
  std::string topic;  ///< empty: all mails
  bool wants = false;
  bool operator==(const Wish&) const = default;
};

TellEvent event_of(const PublicDesk& desk, const Link& link, const Wish& wish) {
  TellEvent event = mail_event(desk, wish.wants ? "email.resubscribed" : "email.unsubscribed", link);
  if (!wish.topic.empty()) event.properties.push_back({std::string(kTopic), {wish.topic}});
  return event;
}

/// Tells them, and answers with `done` once they are on the disk. Who is not there any more gets no mails.
void tell(const PublicDesk& desk, const Link& link, const std::vector<Wish>& wishes, const Respond& respond,
          Response done) {
  if (wishes.empty()) return respond(std::move(done));
  if (const auto wait = desk.choices->take(link.person, desk.ticks())) return respond(too_often_page(*wait));
  std::vector<Input> inputs;
  for (const Wish& wish : wishes)
    inputs.emplace_back(event_of(desk, link, wish));
  const bool wants_some = std::any_of(wishes.begin(), wishes.end(), [](const Wish& wish) { return wish.wants; });
  const auto left = std::make_shared<std::pair<std::size_t, InputResult>>(inputs.size(), InputResult{});
  const auto answer = [respond, left, wants_some, done = std::move(done)](const InputResult& result) {
    if (left->second.refused.empty()) left->second = result;
    if (--left->first > 0) return;
    const bool is_gone = left->second.refusal == Refusal::unknown;
    if (left->second.refused.empty() || (is_gone && !wants_some)) return respond(done);
    respond(is_gone ? as_page(404, "We do not know you any more",
                              "Your data is not here any more, and so you get no mails.")
                    : busy_page());
  };
  if (!post_and_answer(desk, std::move(inputs), answer)) respond(busy_page());
}

// Unsubscribing

std::string title_of(const PublicDesk& desk, const std::string& topic) {
  for (const TopicDefinition& each : desk.topics()) {
    if (each.name == topic) return each.title;
  }
  return topic;
}

/// `no more mails about “Invitations” from us`: those that the mail's own link ends.
std::string no_more_mails(const PublicDesk& desk, const Link& link) {
  return "no more mails " + (link.topic.empty() ? "" : "about “" + title_of(desk, link.topic) + "” ") + "from us";
}

PageButton unsubscribe_button() {
  return {.label = "Unsubscribe", .fields = {{std::string(kOneClick), std::string(kOneClickValue)}}};
}

/// Posts to the page of preferences, whichever of the two it stands on.
PageButton mails_button(std::string label, const std::string& token, const Wish& wish) {
  PageButton button{
      .label = std::move(label), .action = "../p/" + token, .fields = {{"mails", wish.wants ? "yes" : "no"}}};
  if (!wish.topic.empty()) button.fields.emplace_back(kTopic, wish.topic);
  return button;
}

/// The ways on from a page about some mails, where there are more to choose among.
void add_more_choices(const PublicDesk& desk, const Link& link, const std::string& token,
                      std::vector<PageButton>& buttons) {
  if (!link.topic.empty()) buttons.push_back(mails_button("No mails at all", token, {}));
  if (!desk.topics().empty())
    buttons.push_back({.label = "Choose what you get", .action = "../p/" + token, .leads_on = true});
}

void unsubscribe_page(const PublicDesk& desk, const Request& request, const Respond& respond) {
  const std::string& token = request.parameter("token");
  const std::optional<Link> link = link_of(desk, token, LinkKind::subscription);
  if (!link) return respond(bad_link_page());
  std::vector<PageButton> buttons = {unsubscribe_button()};
  add_more_choices(desk, *link, token, buttons);
  respond(as_page(200, "Unsubscribe", "You will get " + no_more_mails(desk, *link) + ".", buttons));
}

/// Whether the body is the one of RFC 8058, in either of the forms that it allows. Mail programs end the line or begin
/// with one, and write the words in their own way.
bool is_one_click(const Request& request) {
  const std::string name = in_lower_case(kOneClick);
  const std::string value = in_lower_case(kOneClickValue);
  const std::string* type = request.header("content-type");
  if (type && media_type(*type) == "multipart/form-data") {
    const std::string body = in_lower_case(request.body);
    const bool is_named =
        body.find("name=\"" + name + "\"") != std::string::npos || body.find("name=" + name) != std::string::npos;
    return is_named && body.find(value) != std::string::npos;
  }
  const std::size_t begin = std::min(request.body.find_first_not_of(" \t\r\n"), request.body.size());
  const std::size_t end = std::min(request.body.find_first_of(" \t\r\n", begin), request.body.size());
  const std::optional<Fields> fields = form_fields(request.body.substr(begin, end - begin));
  return fields && std::any_of(fields->begin(), fields->end(), [&](const auto& field) {
           return in_lower_case(field.first) == name && in_lower_case(field.second) == value;
         });
}

Response unsubscribed_page(const PublicDesk& desk, const Link& link, const std::string& token) {
  std::vector<PageButton> buttons = {mails_button("Get them again", token, {link.topic, true})};
  add_more_choices(desk, link, token, buttons);
  return as_page(200, "You are unsubscribed", "You will get " + no_more_mails(desk, link) + ". Was that a mistake?",
                 buttons);
}

/// One click ends the mails of the topic that the mail is about, or all where it is about none.
void unsubscribe(const PublicDesk& desk, const Request& request, const Respond& respond) {
  const std::string& token = request.parameter("token");
  const std::optional<Link> link = link_of(desk, token, LinkKind::subscription);
  if (!link) return respond(bad_link_page());
  if (!is_one_click(request)) {
    return respond(as_page(400, "Unsubscribe",
                           "Nothing was changed. Press the button to get " + no_more_mails(desk, *link) + ".",
                           {unsubscribe_button()}));
  }
  tell(desk, *link, {{link->topic, false}}, respond, unsubscribed_page(desk, *link, token));
}

// The page of preferences

/// All topics to choose among. What was ticked when the page was made goes along, so that what is changed is known.
PageButton choices_of(const Topics& topics, const std::string& token, const std::vector<std::string>& left,
                      bool wants_none) {
  PageButton form{.label = "Save", .action = token, .fields = {{"form", "choices"}}, .about = "Mails about"};
  for (const TopicDefinition& topic : topics) {
    const bool is_left = std::find(left.begin(), left.end(), topic.name) != left.end();
    if (!is_left) form.fields.emplace_back("had", topic.name);
    form.choices.push_back({std::string(kTopic), topic.name, topic.title, topic.description, !is_left});
  }
  if (wants_none) form.fields.emplace_back("had_none", "yes");
  form.choices_apart.push_back({"none", "yes", "No mails at all", "Whatever is chosen above.", wants_none});
  return form;
}

Response preferences_page(const Topics& topics, const Link& link, const std::string& token, bool is_saved,
                          Scene& scene) {
  const std::optional<PersonRecord> person = scene.reader.person(link.person);
  const bool wants_none = !person || is_unsubscribed(person->attributes, scene.names);
  const std::string how = wants_none ? "You get no mails from us." : "You get mails from us.";
  if (topics.empty()) {
    return as_page(200, "Your mails", how,
                   {mails_button(wants_none ? "Get mails again" : "Unsubscribe", token, {{}, wants_none})});
  }
  const std::vector<std::string> left =
      person ? left_topics(person->attributes, scene.names) : std::vector<std::string>();
  return as_page(200, "Your mails", (is_saved ? "Your choice is kept. " : "") + how,
                 {choices_of(topics, token, left, wants_none)});
}

/// Somebody who has no link of ours keeps nobody else from being answered.
void show_preferences(const PublicDesk& desk, const Request& request, const Respond& respond) {
  const std::string token = request.parameter("token");
  const std::optional<Link> link = link_of(desk, token, LinkKind::subscription);
  if (!link) return respond(bad_link_page());
  if (const auto wait = desk.pages->take(link->person, desk.ticks())) return respond(too_often_page(*wait));
  const bool is_saved = request.query_value("saved") != nullptr;
  const Read read = [topics = desk.topics(), link = *link, token, is_saved](const Request&, Scene& scene) {
    return preferences_page(topics, link, token, is_saved, scene);
  };
  try {
    desk.read(read, request, [respond](Response page) {
      respond(page.status == 200 ? std::move(page) : busy_page());  // the store cannot be read just now
    });
  } catch (const Refused& refused) {
    respond(as_page(refused.problem()));
  }
}

bool has(const Fields& fields, std::string_view name, std::string_view value) {
  return std::any_of(fields.begin(), fields.end(),
                     [&](const auto& field) { return field.first == name && field.second == value; });
}

/// What has been changed on the page of all topics.
std::vector<Wish> changed_choices(const Topics& topics, const Fields& fields) {
  std::vector<Wish> wishes;
  for (const TopicDefinition& topic : topics) {
    const bool wants = has(fields, kTopic, topic.name);
    if (wants != has(fields, "had", topic.name)) wishes.push_back({topic.name, wants});
  }
  const bool wants_none = has(fields, "none", "yes");
  if (wants_none != has(fields, "had_none", "yes")) wishes.push_back({{}, !wants_none});
  return wishes;
}

/// What one of the buttons asks for; nothing where the fields are none of theirs.
std::optional<Wish> wish_of(const Topics& topics, const Link& link, const Fields& fields) {
  if (fields.empty() || fields.front().first != "mails" || fields.size() > 2) return std::nullopt;
  Wish wish;
  wish.wants = fields.front().second == "yes";
  if (!wish.wants && fields.front().second != "no") return std::nullopt;
  if (fields.size() == 1) return wish;
  wish.topic = fields.back().second;
  const bool is_known =
      wish.topic == link.topic ||
      std::any_of(topics.begin(), topics.end(), [&](const TopicDefinition& topic) { return topic.name == wish.topic; });
  if (fields.back().first != kTopic || wish.topic.empty() || !is_known) return std::nullopt;
  return wish;
}

void prefer(const PublicDesk& desk, const Request& request, const Respond& respond) {
  const std::string& token = request.parameter("token");
  const std::optional<Link> link = link_of(desk, token, LinkKind::subscription);
  if (!link) return respond(bad_link_page());
  const Fields fields = form_fields(request.body).value_or(Fields());
  const Topics topics = desk.topics();
  // Back to the page, which says how it stands now.
  const Response back{303, "", "", {{"Location", token + "?saved=yes"}, {"Cache-Control", "no-store"}}};
  if (has(fields, "form", "choices")) return tell(desk, *link, changed_choices(topics, fields), respond, back);
  const std::optional<Wish> wish = wish_of(topics, *link, fields);
  if (!wish) return respond(as_page(400, "Your mails", "Nothing was changed. Open your page from a mail again."));
  // Whoever has left all mails gets none of the topic either.
  if (wish->wants && !wish->topic.empty()) return tell(desk, *link, {*wish}, respond, back);
  Link about = *link;
  about.topic = wish->topic;
  const Response done = wish->wants ? as_page(200, "You get mails again", "Thank you for staying with us.",
                                              {mails_button("Unsubscribe", token, {wish->topic, false})})
                                    : unsubscribed_page(desk, about, token);
  tell(desk, *link, {*wish}, respond, done);
}

constexpr const char* kPage = "text/html; charset=utf-8";

std::vector<Answer> page_answers(std::vector<Answer> more = {}) {
  std::vector<Answer> answers = {{200, "A page.", "", kPage}, {400, "The link was changed on its way.", "", kPage}};
  answers.insert(answers.end(), more.begin(), more.end());
  return answers;
}

}  // namespace

std::vector<Route> public_consent_routes(const Shared& desk) {
  const auto with_desk = [&](void (*handle)(const PublicDesk&, const Request&, const Respond&)) -> Write {
    return [desk, handle](const Request& request, Respond respond) { handle(*desk, request, respond); };
  };
  const Answer busy{503, "It could not be taken just now.", "", kPage};
  const Answer too_often{429, "It was asked for very often.", "", kPage};
  return {
      Route{.method = Method::get,
            .path = "/u/{token}",
            .id = "showUnsubscribe",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "The page that asks whether its reader wants no more mails",
            .description = "Changes nothing.",
            .answers = page_answers(),
            .answers_pages = true,
            .handle = with_desk(unsubscribe_page)},
      Route{.method = Method::post,
            .path = "/u/{token}",
            .id = "unsubscribe",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "Unsubscribes the receiver of a mail",
            .description = "One click as RFC 8058 has it: the body is `List-Unsubscribe=One-Click`. Tells "
                           "`email.unsubscribed`, with the `topic` that the mail is about, if any, and answers when "
                           "that is committed.",
            .body = Body{.schema = "",
                         .content_types = {"application/x-www-form-urlencoded", "multipart/form-data"},
                         .required = false,
                         .most_bytes = 4'096},
            .answers = page_answers({too_often, busy}),
            .answers_pages = true,
            .handle = with_desk(unsubscribe)},
      Route{.method = Method::get,
            .path = "/p/{token}",
            .id = "showPreferences",
            .tag = "Links",
            .scope = Scope::anyone,
            .summary = "The page that says which mails its reader gets",
            .answers = page_answers({busy}),
            .answers_pages = true,
            .handle = with_desk(show_preferences)},
      Route{
          .method = Method::post,
          .path = "/p/{token}",
          .id = "setPreferences",
          .tag = "Links",
          .scope = Scope::anyone,
          .summary = "Says which mails the receiver of a mail wants",
          .description = "The body is `mails=yes` or `mails=no`, of one topic with `topic=NAME`, or the form of the "
                         "page: `form=choices`, a `topic` for each that is ticked and a `had` for each that was, "
                         "`none=yes` where no mails at all are wanted and `had_none=yes` where they were not. Tells "
                         "`email.resubscribed` or `email.unsubscribed` of each that has changed, and answers when "
                         "that is committed.",
          .body =
              Body{.schema = "", .content_types = {"application/x-www-form-urlencoded"}, .most_bytes = kLongestChoice},
          .answers = page_answers({{303, "Back to the page, which says how it stands.", "", ""},
                                   {404, "They are not known any more.", "", kPage},
                                   too_often,
                                   busy}),
          .answers_pages = true,
          .handle = with_desk(prefer)},
  };
}

}  // namespace caravan::api
