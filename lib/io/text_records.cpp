#include "io/text_records.hpp"

#include <algorithm>
#include <cstring>

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block = std::size_t{1} << 20;
constexpr std::size_t max_record = std::size_t{1} << 28;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

TextRecords::TextRecords(const InputFile* file) : file_(file) {
  fill();
  if (buffer_.compare(0, 3, "\xef\xbb\xbf") == 0) at_ = 3;  // a byte order mark
  if (buffer_.find('\n') == std::string::npos && buffer_.find('\r') != std::string::npos)
    line_end_ = '\r';
}

bool TextRecords::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::string more = file_->bytes(offset_, block);
  offset_ += more.size();
  buffer_ += more;
  return !more.empty();
}

bool TextRecords::next(std::string* record) {
  for (;;) {
    record_line_ = line_;
    bool quoted = false;
    std::size_t length = 0;
    for (;;) {
      if (at_ + length == buffer_.size() && !fill()) break;
      const char* from = buffer_.data() + at_ + length;
      const std::size_t left = buffer_.size() - at_ - length;
      if (length > max_record)
        fail_invalid(file_->name() + ": line " + std::to_string(record_line_) +
                     " is longer than 256 MiB" + (quoted ? ", a quote is missing" : ""));
      if (!quoted) {  // the common case in long strides
        const char* line_end = std::find(from, from + left, line_end_);
        const auto plain = static_cast<std::size_t>(std::find(from, line_end, '"') - from);
        length += plain;
        if (plain == left) continue;
      }
      const char c = buffer_[at_ + length];
      if (c == line_end_) {
        ++line_;
        if (!quoted) break;
      }
      if (c == '"') quoted = !quoted;
      ++length;
    }
    const bool at_end = at_ + length == buffer_.size();
    if (quoted)
      fail_invalid(file_->name() + ": line " + std::to_string(record_line_) +
                   ": a quote is opened and not closed");
    record->assign(buffer_, at_, length);
    at_ += length + (at_end ? 0 : 1);
    while (!record->empty() && (record->back() == '\r')) record->pop_back();
    if (!trimmed(*record).empty() && (*record)[0] != '#') return true;
    if (at_end) return false;
  }
}

void split_record(const std::string& record, char separator, std::vector<std::string>* unquoted,
                  std::vector<std::string_view>* fields) {
  fields->clear();
  unquoted->clear();
  unquoted->reserve(record.size() / 2 + 1);  // views into it must stay where they are
  std::size_t at = 0;
  const auto skip_blanks = [&] {
    while (at < record.size() && is_blank(record[at]) &&
           (separator == ' ' || record[at] != separator))
      ++at;
  };
  for (;;) {
    skip_blanks();
    if (separator == ' ' && at == record.size() && !fields->empty()) return;
    if (at < record.size() && record[at] == '"') {
      std::string text;
      for (++at; at < record.size(); ++at) {
        if (record[at] == '"') {
          if (at + 1 >= record.size() || record[at + 1] != '"') break;
          ++at;
        }
        text += record[at];
      }
      if (at < record.size()) ++at;
      skip_blanks();
      // Whatever stands between the quote and the separator belongs to the field.
      while (separator != ' ' && at < record.size() && record[at] != separator)
        text += record[at++];
      unquoted->push_back(std::move(text));
      fields->push_back(unquoted->back());
      if (at == record.size()) return;
      if (separator != ' ') ++at;
      continue;
    }
    std::size_t end = at;
    while (end < record.size() &&
           (separator == ' ' ? !is_blank(record[end]) : record[end] != separator))
      ++end;
    fields->push_back(trimmed(std::string_view(record).substr(at, end - at)));
    if (end == record.size()) return;
    at = end + 1;
  }
}

}  // namespace pushforward
