#pragma once
// Blobs that repeat themselves, in less room: zstd at its quickest level, behind a byte that says whether it was worth
// it (1) or the bytes stand as they were (0).

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace caravan::sqlite {

/// One thread at a time uses it; it keeps the tables that compressing needs.
class Compressor {
 public:
  Compressor();
  ~Compressor();
  std::string pack(std::string_view bytes);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// Nothing for what pack() has not made (a damaged file), or what claims to be larger than any entry is.
std::optional<std::string> unpack_compressed(std::string_view packed);

}  // namespace caravan::sqlite
