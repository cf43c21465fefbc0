#pragma once
// MurmurHash3, the 32-bit variant for x86: a hash that is the same on every machine and in every version, so that a
// subject's way through a journey can be computed by anybody who knows its key.

namespace caravan {

std::uint32_t murmur_hash(std::string_view bytes, std::uint32_t seed = 0);

/// The bucket, from 0 to 9,999, of a subject in a journey: the hash, with seed 0, of the subject's key, a zero byte and
/// the journey's name, modulo 10,000.
std::uint32_t bucket_of(std::string_view subject_key, std::string_view journey_name);

}  // namespace caravan
