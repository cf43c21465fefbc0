#include "nodes/murmur_hash.hpp"

#include <bit>

namespace caravan {
namespace {

std::uint32_t scramble(std::uint32_t block) {
  return std::rotl(block * 0xcc9e2d51U, 15) * 0x1b873593U;
}

/// Up to four bytes as a little-endian number.
std::uint32_t number_of(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    number |= std::uint32_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return number;
}

}  // namespace

std::uint32_t murmur_hash(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t hash = seed;
  std::string_view rest = bytes;
  for (; rest.size() >= 4; rest.remove_prefix(4))
    hash = std::rotl(hash ^ scramble(number_of(rest.substr(0, 4))), 13) * 5 + 0xe6546b64U;
  hash ^= scramble(number_of(rest));
  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bU;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35U;
  return hash ^ (hash >> 16);
}

std::uint32_t bucket_of(std::string_view subject_key, std::string_view journey_name) {
  std::string bytes(subject_key);
  bytes += '\0';
  bytes += journey_name;
  return murmur_hash(bytes) % 10'000;
}

}  // namespace caravan
