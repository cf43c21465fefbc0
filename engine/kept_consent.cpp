#include "engine/kept_consent.hpp"

#include <openssl/evp.h>

#include "engine/channels/mime.hpp"
#include "engine/lower_case.hpp"
#include "journeys/events.hpp"

namespace caravan {

std::string hash_of_address(std::string_view mailbox) {
  const std::string address = in_lower_case(address_of(mailbox));
  if (address.empty()) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(address.data(), address.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("the cryptography library computes no SHA-256");
  return {reinterpret_cast<const char*>(digest.data()), size};
}

void KeptConsent::next_batch() {
  last_ = std::exchange(current_, {});
}

void KeptConsent::forget() {
  current_.clear();
  last_.clear();
}

KeptConsent::Items& KeptConsent::of(const std::string& hash) {
  const auto [known, is_new] = current_.try_emplace(hash);
  if (!is_new) return known->second;
  if (const auto before = last_.find(hash); before != last_.end()) return known->second = before->second;
  std::vector<KeptConsentRecord> records;
  reader_.kept_consent(hash, records);
  for (KeptConsentRecord& record : records)
    known->second.emplace(std::pair(record.kind, std::move(record.topic)), record.at);
  return known->second;
}

bool KeptConsent::put(const std::string& hash, ConsentKind kind, const std::string& topic, Instant now,
                      Changes& changes) {
  if (hash.empty() || !of(hash).try_emplace({kind, topic}, now).second) return false;
  has_any_ = true;
  changes.kept_consent.push_back({hash, kind, topic, now, true});
  return true;
}

bool KeptConsent::let_go(const std::string& hash, ConsentKind kind, const std::string& topic, Changes& changes) {
  if (hash.empty() || of(hash).erase({kind, topic}) == 0) return false;
  changes.kept_consent.push_back({hash, kind, topic, {}, false});
  return true;
}

void KeptConsent::keep(const Attributes& person, Instant now, Changes& changes) {
  const std::string undeliverable = undeliverable_address(person, names_);
  if (!undeliverable.empty()) put(hash_of_address(undeliverable), ConsentKind::undeliverable, {}, now, changes);
  const bool has_unsubscribed = is_unsubscribed(person, names_);
  const std::vector<std::string> left = left_topics(person, names_);
  if (!has_unsubscribed && left.empty()) return;
  const std::string hash = hash_of_address(email_of(person, names_));
  if (has_unsubscribed) put(hash, ConsentKind::unsubscribed, {}, now, changes);
  for (const std::string& topic : left)
    put(hash, ConsentKind::left_topic, topic, now, changes);
}

bool KeptConsent::set_unsubscribed(const std::string& hash, bool unsubscribed, Instant now, Changes& changes) {
  return unsubscribed ? put(hash, ConsentKind::unsubscribed, {}, now, changes)
                      : let_go(hash, ConsentKind::unsubscribed, {}, changes);
}

AttributeMap KeptConsent::due_to(const Attributes& person) {
  const std::string address = email_of(person, names_);
  const std::string hash = hash_of_address(address);
  if (hash.empty()) return {};
  const std::vector<std::string> left = left_topics(person, names_);
  std::set<std::string> topics(left.begin(), left.end());
  const std::size_t left_by_themselves = topics.size();
  AttributeMap due;
  for (const auto& [item, at] : of(hash)) {
    const auto& [kind, topic] = item;
    if (kind == ConsentKind::left_topic) topics.insert(topic);
    if (kind == ConsentKind::unsubscribed && !is_unsubscribed(person, names_))
      due.push_back({std::string(kUnsubscribed), {true}});
    if (kind == ConsentKind::undeliverable && undeliverable_address(person, names_) != address)
      due.push_back({std::string(kUndeliverable), {address}});
  }
  if (topics.size() == left_by_themselves) return due;
  AttributeList list;
  for (const std::string& topic : topics)
    list.push_back({topic});
  due.push_back({std::string(kLeftTopics), {std::move(list)}});
  return due;
}

void KeptConsent::follow(const Attributes& before, const Attributes& after, Changes& changes) {
  const std::string was_undeliverable = undeliverable_address(before, names_);
  if (!was_undeliverable.empty() && undeliverable_address(after, names_).empty())
    let_go(hash_of_address(was_undeliverable), ConsentKind::undeliverable, {}, changes);
  if (is_unsubscribed(before, names_) && !is_unsubscribed(after, names_)) wants_mails(after, changes);
  const std::vector<std::string> left = left_topics(after, names_);
  for (const std::string& topic : left_topics(before, names_)) {
    if (std::find(left.begin(), left.end(), topic) == left.end())
      let_go(hash_of_address(email_of(after, names_)), ConsentKind::left_topic, topic, changes);
  }
}

void KeptConsent::wants_mails(const Attributes& person, Changes& changes) {
  let_go(hash_of_address(email_of(person, names_)), ConsentKind::unsubscribed, {}, changes);
}

bool KeptConsent::is_newer(const Attributes& person, const AttributeMap& said, Instant told) {
  if (said.empty()) return false;
  const std::string hash = hash_of_address(email_of(person, names_));
  if (hash.empty()) return false;
  const auto is_said = [&](std::string_view name) -> const AttributeInput* {
    const auto found = std::find_if(said.begin(), said.end(), [&](const auto& each) { return each.first == name; });
    return found == said.end() ? nullptr : &found->second;
  };
  const AttributeInput* unsubscribed = is_said(kUnsubscribed);
  const AttributeInput* topics = is_said(kLeftTopics);
  const std::vector<std::string> left = left_topics(person, names_);
  const auto is_taken_back = [&](const std::string& topic) {
    const auto& list = std::get<AttributeList>(topics->value);
    return std::find(left.begin(), left.end(), topic) != left.end() &&
           std::none_of(list.begin(), list.end(),
                        [&](const AttributeInput& each) { return std::get<std::string>(each.value) == topic; });
  };
  for (const auto& [item, at] : of(hash)) {
    const auto& [kind, topic] = item;
    if (at <= told) continue;
    if (kind == ConsentKind::unsubscribed && unsubscribed && !std::get<bool>(unsubscribed->value)) return true;
    if (kind == ConsentKind::left_topic && topics && is_taken_back(topic)) return true;
  }
  return false;
}

}  // namespace caravan
