#include "storage/sqlite/compression.hpp"

#include <zstd.h>

namespace caravan::sqlite {
namespace {

constexpr char kAsItWas = 0;
constexpr char kCompressed = 1;
constexpr int kLevel = 1;
/// Less is not worth the tables.
constexpr std::size_t kShortest = 64;
/// Far above what the inputs of one transaction can be.
constexpr unsigned long long kLongest = 1ULL << 30U;

}  // namespace

struct Compressor::Context {
  ZSTD_CCtx* handle = nullptr;
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeCCtx(handle); }
};

Compressor::Compressor() : context_(std::make_unique<Context>()) {}
Compressor::~Compressor() = default;

std::string Compressor::pack(std::string_view bytes) {
  std::string packed;
  if (bytes.size() >= kShortest) {
    if (context_->handle == nullptr) context_->handle = ZSTD_createCCtx();
    packed.resize(1 + ZSTD_compressBound(bytes.size()));
    const std::size_t size =
        ZSTD_compressCCtx(context_->handle, packed.data() + 1, packed.size() - 1, bytes.data(), bytes.size(), kLevel);
    if (ZSTD_isError(size) == 0U && size < bytes.size()) {
      packed.front() = kCompressed;
      packed.resize(1 + size);
      return packed;
    }
  }
  packed.assign(1, kAsItWas).append(bytes);
  return packed;
}

std::optional<std::string> unpack_compressed(std::string_view packed) {
  if (packed.empty()) return std::nullopt;
  const char kind = packed.front();
  packed.remove_prefix(1);
  if (kind == kAsItWas) return std::string(packed);
  if (kind != kCompressed) return std::nullopt;
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > kLongest) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(size), '\0');
  const std::size_t got = ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0U || got != bytes.size()) return std::nullopt;
  return bytes;
}

}  // namespace caravan::sqlite
