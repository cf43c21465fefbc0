// `topics:` of caravan.yaml, which mails are about, and what must hold between the two:
//
//     topics:
//       events: {title: Invitations to events}
//       product-news: {title: News of our products, description: Once a month}
#include "journeys/loader/configuration.hpp"

namespace caravan::loader {
namespace {

constexpr std::size_t most_topics = 100;  // all of them stand on one page

TopicDefinition read_topic(const yaml::Entry& entry, Diagnostics& diagnostics) {
  TopicDefinition topic{entry.key, entry.key, {}, entry.key_place};
  check_name(entry.key, entry.key_place, NameStyle::words, "the name of a topic", diagnostics);
  if (is_mapping(entry, diagnostics)) {
    Fields fields(entry.value, diagnostics);
    fields.take_text("title", topic.title);
    fields.take_text("description", topic.description);
    fields.finish();
  }
  return topic;
}

}  // namespace

void read_topics(const yaml::Entry& entry, std::vector<TopicDefinition>& topics, Diagnostics& diagnostics) {
  if (!is_mapping(entry, diagnostics)) return;
  for (const yaml::Entry& each : entry.value.entries)
    topics.push_back(read_topic(each, diagnostics));
  if (topics.size() > most_topics) {
    diagnostics.error(entry.key_place, "there are " + std::to_string(topics.size()) + " topics; at most " +
                                           std::to_string(most_topics) + " stand on one page");
  }
}

std::string read_topic_of(Loading& loading, const yaml::Entry& entry, bool is_operational) {
  Diagnostics& diagnostics = loading.diagnostics;
  if (is_operational) {
    diagnostics.error(entry.key_place, "an operational mail has no topic",
                      "it goes to everybody, whatever they have chosen: take out one of the two");
    return {};
  }
  std::vector<std::string> names;
  for (const TopicDefinition& topic : loading.workspace.configuration.topics)
    names.push_back(topic.name);
  if (names.empty()) {
    diagnostics.error(entry.value.place, "caravan.yaml has no topics",
                      "add `topics: {" + entry.value.text + ": {title: ...}}` to it (caravan help links)");
    return {};
  }
  return read_one_of(loading, entry, names, "topic", "topics stand in caravan.yaml").value_or("");
}

void check_topics(const Loading& loading) {
  const auto& emails = loading.workspace.emails;
  for (const TopicDefinition& topic : loading.workspace.configuration.topics) {
    const bool is_used =
        std::any_of(emails.begin(), emails.end(), [&](const auto& each) { return each.second.topic == topic.name; });
    if (is_used) continue;
    loading.diagnostics.warning(topic.place, "no mail is about the topic " + in_ticks(topic.name),
                                "write `topic: " + topic.name + "` into the front matter of those that are");
  }
}

}  // namespace caravan::loader
