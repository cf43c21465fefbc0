#include "engine/api/spool.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace caravan::api {

void Spool::write(std::string_view text) {
  text_ += text;
  if (text_.size() >= in_memory_) write_out();
}

void Spool::write_out() {
  if (!file_) file_.reset(std::tmpfile());
  if (!file_ || std::fwrite(text_.data(), 1, text_.size(), file_.get()) != text_.size())
    throw std::system_error(errno, std::generic_category(), "no room for the results in the system's temporary folder");
  text_.clear();
}

std::string Spool::read() {
  if (!file_) return std::exchange(text_, {});
  if (!std::exchange(is_reading_, true)) {
    write_out();
    std::rewind(file_.get());
  }
  std::string part(65'536, '\0');
  part.resize(std::fread(part.data(), 1, part.size(), file_.get()));
  return part;
}

}  // namespace caravan::api
