#include "nodes/listen_memory.hpp"

namespace caravan {
namespace {

/// Seven bits a byte, the lowest first; the highest bit says that more follow.
void put(std::string& bytes, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7)
    bytes += static_cast<char>(static_cast<unsigned char>(number | 0x80));
  bytes += static_cast<char>(static_cast<unsigned char>(number));
}

std::uint64_t take(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80U) == 0) return number;
  }
  throw std::runtime_error("the memory of a token that listens is damaged");
}

}  // namespace

std::int64_t ListenMemory::count(std::uint64_t pattern, PersonId person) {
  auto found = std::find_if(counts.begin(), counts.end(),
                            [&](const Count& each) { return each.pattern == pattern && each.person == person; });
  if (found == counts.end()) found = counts.insert(counts.end(), {pattern, person, 0});
  return ++found->matches;
}

std::string ListenMemory::pack() const {
  std::string bytes;
  put(bytes, static_cast<std::uint64_t>(since.time_since_epoch().count()));
  for (const Count& each : counts) {
    put(bytes, each.pattern);
    put(bytes, static_cast<std::uint64_t>(each.person.value));
    put(bytes, static_cast<std::uint64_t>(each.matches));
  }
  return bytes;
}

ListenMemory ListenMemory::unpack(std::string_view bytes) {
  ListenMemory memory;
  memory.since = Instant(std::chrono::milliseconds(static_cast<std::int64_t>(take(bytes))));
  while (!bytes.empty()) {
    const std::uint64_t pattern = take(bytes);
    const PersonId person{static_cast<std::int64_t>(take(bytes))};
    memory.counts.push_back({pattern, person, static_cast<std::int64_t>(take(bytes))});
  }
  return memory;
}

}  // namespace caravan
