// What was sent and who was told: the messages that left the house, in the words that they were rendered with.

#include "engine/harness/expectations.hpp"
#include "engine/one_line.hpp"

namespace caravan {
namespace {

constexpr std::string_view kSalesSummary = "sales summary";

bool is_of_sales(const SentMessage& message) {
  return message.kind == MessageKind::sales_summary || message.kind == MessageKind::sales_chat;
}

enum class Of { subject, sales, both };

/// A message to a person, or a call that was made for them: that has no receiver, but its token runs for somebody.
bool is_for(const ExpectedSubject& of, const DeliveryRecord& delivery) {
  if (delivery.key.recipient.value != 0) return delivery.key.recipient.value == of.person->id.value;
  std::vector<TokenRecord> tokens;
  of.rehearsal.reader().tokens_of(delivery.account, tokens);
  return std::any_of(tokens.begin(), tokens.end(), [&](const TokenRecord& token) {
    return token.id == delivery.key.token && token.person == of.person->id;
  });
}

/// What the journey has sent so far: of hand-overs to sales those of the account, of other messages those to the
/// subject.
std::vector<const SentMessage*> messages_of(const ExpectedSubject& of, Of wanted) {
  JourneyLibrary& library = of.rehearsal.library();
  std::vector<const SentMessage*> found;
  for (const SentMessage& message : of.rehearsal.sent()) {
    const DeliveryRecord& delivery = message.delivery;
    const bool is_to_person = !of.person || is_for(of, delivery);
    const bool is_wanted = is_of_sales(message) ? wanted != Of::subject : wanted != Of::sales && is_to_person;
    if (is_wanted && delivery.account == of.account->id && library.journey_of(delivery.version) == of.step.journey)
      found.push_back(&message);
  }
  // What goes out at one instant goes in the order of what promised it: people as they came, addresses as written.
  const auto order = [](const SentMessage* message) {
    const DeliveryKey& key = message->delivery.key;
    return std::tuple(message->at, key.token, key.visit, std::abs(key.recipient.value));
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const auto* left, const auto* right) { return order(left) < order(right); });
  return found;
}

/// Its subject, empty for what has none, and its words.
struct Words {
  std::string subject;
  std::vector<std::string> parts;  ///< a mail has a text and an HTML part
};

Words words_of(const SentMessage& message) {
  if (const auto* mail = std::get_if<Mail>(&message.content)) return {mail->subject, {mail->text, mail->html}};
  if (const auto* call = std::get_if<Call>(&message.content)) return {{}, {call->body}};
  return {{}, {std::get<ShortMessage>(message.content).text}};
}

bool says(const Words& words, const std::string& text) {
  if (words.subject.find(text) != std::string::npos) return true;
  return std::any_of(words.parts.begin(), words.parts.end(),
                     [&](const std::string& part) { return part.find(text) != std::string::npos; });
}

std::string address_words(const std::string& address) {
  return address.empty() ? "" : " to " + one_line(address);
}

std::string line_of(const SentMessage& message) {
  return message.name + address_words(message.delivery.address);
}

std::string line_of(const ExpectedMessage& message) {
  return message.message + address_words(message.to.value_or(""));
}

bool is_meant(const ExpectedMessage& expected, const SentMessage& message) {
  return expected.message == message.name && (!expected.to || *expected.to == message.delivery.address);
}

std::vector<std::string> lines_of(const Words& words) {
  std::vector<std::string> lines;
  if (!words.subject.empty()) lines.push_back("Subject: " + words.subject);
  // What people read; markup is looked at where it alone makes the difference.
  std::istringstream text(words.parts.front());
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  return lines;
}

std::optional<Mismatch> check_words(const ExpectedSubject& of, const ExpectedMessage& expected,
                                    const SentMessage& message, std::size_t number) {
  const Words words = words_of(message);
  const std::string which = "message " + std::to_string(number) + " to " + of.label + ", " + ticked(message.name) +
                            address_words(message.delivery.address) + ",";
  const auto mismatch = [&](std::string text, std::vector<DiffLine> diff) {
    Mismatch found = of.mismatch("sent", which + text, std::move(diff));
    if (expected.place.file) found.place = expected.place;
    return found;
  };
  if (expected.subject && *expected.subject != words.subject) {
    return mismatch(" has another subject",
                    {{DiffLine::Kind::expected, *expected.subject}, {DiffLine::Kind::actual, words.subject}});
  }
  const std::vector<std::string> lines = lines_of(words);
  for (const std::string& text : expected.says) {
    if (!says(words, text)) return mismatch(" does not say " + ticked(text), diff_lines(std::array{text}, lines));
  }
  for (const std::string& text : expected.says_not) {
    if (says(words, text)) return mismatch(" says " + ticked(text) + ", which it should not", diff_lines({}, lines));
  }
  return std::nullopt;
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

std::optional<Mismatch> check_sent(const ExpectedSubject& of) {
  if (!of.step.sent) return std::nullopt;
  const std::vector<ExpectedMessage>& expected = *of.step.sent;
  // `notified` looks at hand-overs to sales, unless somebody asks what they say.
  const bool asks_of_sales = std::any_of(expected.begin(), expected.end(),
                                         [](const ExpectedMessage& each) { return each.message == kSalesSummary; });
  const std::vector<const SentMessage*> sent = messages_of(of, asks_of_sales ? Of::both : Of::subject);
  const bool are_meant = expected.size() == sent.size() &&
                         std::equal(expected.begin(), expected.end(), sent.begin(),
                                    [](const auto& each, const auto* message) { return is_meant(each, *message); });
  if (!are_meant) {
    std::vector<std::string> should;
    std::vector<std::string> are;
    for (const ExpectedMessage& each : expected)
      should.push_back(line_of(each));
    for (const SentMessage* each : sent)
      are.push_back(line_of(*each));
    const std::string number = expected.size() == sent.size()
                                   ? " was sent other messages"
                                   : " should have been sent " + counted(expected.size(), "message", "messages") +
                                         ", and was sent " + std::to_string(sent.size());
    return of.mismatch(
        "sent", of.label + number + ", by " + ticked(of.step.journey),
        diff_lines(should, are, [&](std::size_t i, std::size_t j) { return is_meant(expected[i], *sent[j]); }));
  }
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (std::optional<Mismatch> found = check_words(of, expected[i], *sent[i], i + 1)) return found;
  }
  return std::nullopt;
}

std::optional<Mismatch> check_notified(const ExpectedSubject& of) {
  if (!of.step.notified) return std::nullopt;
  std::vector<std::string> told;
  for (const SentMessage* message : messages_of(of, Of::sales))
    told.push_back(message->delivery.address);
  if (told == *of.step.notified) return std::nullopt;
  const std::string number = told.size() == of.step.notified->size()
                                 ? ticked(of.step.journey) + " has notified others of " + of.label
                                 : ticked(of.step.journey) + " should have notified " +
                                       counted(of.step.notified->size(), "address", "addresses") + " of " + of.label +
                                       ", and has notified " + std::to_string(told.size());
  return of.mismatch("notified", number, diff_lines(*of.step.notified, told));
}

}  // namespace

std::optional<Mismatch> check_messages(const ExpectedSubject& of) {
  if (std::optional<Mismatch> found = check_sent(of)) return found;
  return check_notified(of);
}

}  // namespace caravan
