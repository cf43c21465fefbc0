#include "engine/api/spool.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace caravan::api {

bool Spool::write(std::string_view text) {
  if (is_cut_off_) return false;
  if (size_ + text.size() > most_) return cut_off();
  text_ += text;
  size_ += text.size();
  return text_.size() < in_memory_ || write_out();
}

/// What is in the file is whole up to here; the rest is let go.
bool Spool::cut_off() {
  is_cut_off_ = true;
  text_.clear();
  return false;
}

bool Spool::write_out() {
  if (!file_) file_.reset(std::tmpfile());
  const bool is_written =
      file_ && std::fwrite(text_.data(), 1, text_.size(), file_.get()) == text_.size() && std::fflush(file_.get()) == 0;
  if (!is_written) return cut_off();
  in_file_ += text_.size();
  text_.clear();
  return true;
}

std::string Spool::read() {
  if (file_ && !std::exchange(is_reading_, true)) std::rewind(file_.get());
  if (file_ && in_file_ > 0) {
    std::string part(std::min<std::size_t>(65'536, in_file_), '\0');
    part.resize(std::fread(part.data(), 1, part.size(), file_.get()));
    in_file_ = part.empty() ? 0 : in_file_ - part.size();
    if (!part.empty()) return part;
  }
  return std::exchange(text_, {});
}

}  // namespace caravan::api
