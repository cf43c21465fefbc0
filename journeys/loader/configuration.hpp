#pragma once
// The parts of caravan.yaml that have a file of their own, and what they share.

#include "journeys/loader/loading.hpp"

namespace caravan::loader {

/// `channels:`, which may name connections: those have been read.
void read_channels(Loading& loading, const yaml::Entry& entry);
/// `connections:`
void read_connections(Loading& loading, const yaml::Entry& entry);

/// `topics:`
void read_topics(const yaml::Entry& entry, std::vector<TopicDefinition>& topics, Diagnostics& diagnostics);
/// The topic that a mail names; empty where it cannot have that one.
std::string read_topic_of(Loading& loading, const yaml::Entry& entry, bool is_operational);

/// `links:`
void read_links(const yaml::Entry& entry, LinksDefinition& links, Diagnostics& diagnostics);

/// `api:`
void read_api(const yaml::Entry& entry, ApiDefinition& api, Diagnostics& diagnostics);

/// The keys NAME_env and NAME_file, of which one may say where a secret comes from; NAME itself is refused. True when
/// there is one.
bool take_secret(Fields& fields, std::string_view name, std::string& environment, std::string& file,
                 Diagnostics& diagnostics);

/// `{attempts, first, longest}`, any of them.
void take_retry(Fields& fields, std::string_view key, RetryDefinition& retry, Diagnostics& diagnostics);

}  // namespace caravan::loader
