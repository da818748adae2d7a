#include "io/text_records.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "io/text_field.hpp"

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

TextRecords::TextRecords(const InputFile* file, CommentHandler on_comment)
    : file_(file), on_comment_(std::move(on_comment)) {
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

bool TextRecords::begins_comment() {
  constexpr std::size_t longest_word = 8;
  if (buffer_.size() - at_ <= longest_word) fill();
  return at_ < buffer_.size() && buffer_[at_] == '#' &&
         !begins_with_spreadsheet_error(std::string_view(buffer_).substr(at_, longest_word + 1));
}

bool TextRecords::next(std::string* record) {
  for (;;) {
    record_line_ = line_;
    const bool comment = begins_comment();  // quotes in comments mean nothing
    bool quoted = false;
    std::size_t length = 0;
    for (;;) {
      if (at_ + length == buffer_.size() && !fill()) break;
      if (length > max_record)
        fail_invalid(file_->name() + ": line " + std::to_string(record_line_) +
                     " is longer than 256 MiB" + (quoted ? ", a quote is missing" : ""));
      const char* from = buffer_.data() + at_ + length;
      const char* end = buffer_.data() + buffer_.size();
      const char* stop =
          std::find_if(from, end, [&](char c) { return c == line_end_ || (c == '"' && !comment); });
      length += static_cast<std::size_t>(stop - from);
      if (stop == end) continue;
      if (*stop == line_end_) {
        ++line_;
        if (!quoted) break;
      } else {
        quoted = !quoted;
      }
      ++length;
    }
    const bool at_end = at_ + length == buffer_.size();
    if (quoted)
      fail_invalid(file_->name() + ": line " + std::to_string(record_line_) +
                   ": a quote is opened and not closed");
    record->assign(buffer_, at_, length);
    at_ += length + (at_end ? 0 : 1);
    while (!record->empty() && (record->back() == '\r')) record->pop_back();
    if (comment) {
      if (on_comment_) on_comment_(*record, record_line_);
    } else if (!trimmed(*record).empty()) {
      return true;
    }
    if (at_end) return false;
  }
}

void split_record(const std::string& record, char separator, std::vector<std::string>* unquoted,
                  std::vector<std::string_view>* fields) {
  fields->clear();
  unquoted->clear();
  unquoted->reserve(record.size() / 2 + 1);  // fields point into it, so it must not reallocate
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
      const std::size_t closed = at;
      skip_blanks();
      // Text between the closing quote and the separator belongs to the field.
      if (separator != ' ' && at < record.size() && record[at] != separator) {
        const std::size_t end = std::min(record.find(separator, at), record.size());
        text.append(record, closed, end - closed);
        at = end;
      }
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
