#include "io/pickle.hpp"

#include <cstring>
#include <unordered_map>

#include "base/error.hpp"

namespace pushforward {
namespace {

// The operations of protocols 2 to 5, but for those of buffers outside the pickle and of
// extensions, which no file can hold. Named as in Python's pickletools.
enum class Code : unsigned char {
  mark = '(',
  stop = '.',
  pop = '0',
  pop_mark = '1',
  dup = '2',
  bin_float = 'G',
  bin_int = 'J',
  bin_int1 = 'K',
  bin_int2 = 'M',
  none = 'N',
  bin_pers_id = 'Q',
  reduce = 'R',
  bin_string = 'T',
  short_bin_string = 'U',
  bin_unicode = 'X',
  empty_list = ']',
  append = 'a',
  build = 'b',
  global = 'c',
  dict = 'd',
  empty_dict = '}',
  appends = 'e',
  bin_get = 'h',
  long_bin_get = 'j',
  list = 'l',
  bin_put = 'q',
  long_bin_put = 'r',
  set_item = 's',
  tuple = 't',
  empty_tuple = ')',
  set_items = 'u',
  bin_bytes = 'B',
  short_bin_bytes = 'C',
  proto = 0x80,
  new_object = 0x81,
  tuple1 = 0x85,
  tuple2 = 0x86,
  tuple3 = 0x87,
  new_true = 0x88,
  new_false = 0x89,
  long1 = 0x8a,
  short_bin_unicode = 0x8c,
  bin_unicode8 = 0x8d,
  bin_bytes8 = 0x8e,
  empty_set = 0x8f,
  add_items = 0x90,
  frozen_set = 0x91,
  new_object_ex = 0x92,
  stack_global = 0x93,
  memoize = 0x94,
  frame = 0x95
};

using Kind = PickleNode::Kind;

// Characters of a global's name. A pickle of a few bytes may name it again and again.
constexpr std::size_t max_name = 1000;

class Machine {
 public:
  Machine(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Pickle run() {
    while (step(static_cast<Code>(byte()))) {
    }
    pickle_.value = pop();
    pickle_.size = at_;
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const {
    fail_invalid(name_ + ": is damaged: its pickle " + what + " at byte " + std::to_string(at_));
  }

  std::string take(std::uint64_t count) {
    if (count > bytes_.size() - at_) damaged("is cut short");
    at_ += static_cast<std::size_t>(count);
    return std::string(
        bytes_.substr(at_ - static_cast<std::size_t>(count), static_cast<std::size_t>(count)));
  }
  unsigned char byte() { return static_cast<unsigned char>(take(1)[0]); }
  // Little-endian.
  std::uint64_t number(std::size_t size) {
    const std::string bytes = take(size);
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::string line() {
    const std::size_t end = bytes_.find('\n', at_);
    if (end == std::string_view::npos) damaged("is cut short");
    std::string text = take(end - at_);
    ++at_;
    return text;
  }
  double big_endian_double() {
    const std::string bytes = take(8);
    std::uint64_t bits = 0;
    for (const char c : bytes) bits = bits << 8 | static_cast<unsigned char>(c);
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }

  PickleNode* make(PickleNode node) {
    pickle_.nodes.push_back(std::move(node));
    return &pickle_.nodes.back();
  }
  void push(PickleValue value) { stack_.push_back(value); }
  void push_text(std::uint64_t size) { push(make({Kind::text, take(size)})); }
  void push_long(std::size_t size) {
    if (size > 8) return push(make({Kind::integer, take(size)}));
    std::uint64_t value = number(size);
    if (size > 0 && size < 8 && value >> (8 * size - 1) != 0)
      value |= ~std::uint64_t{0} << 8 * size;
    push(static_cast<std::int64_t>(value));
  }
  void push_global(const std::string& module, const std::string& name) {
    if (module.size() + name.size() > max_name) damaged("has a name that is too long");
    push(make({Kind::global, module + "." + name}));
  }

  PickleValue pop() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) damaged("takes what is not there");
    const PickleValue value = stack_.back();
    stack_.pop_back();
    return value;
  }
  // What was pushed since the last mark.
  std::vector<PickleValue> pop_mark() {
    if (marks_.empty()) damaged("takes what is not there");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<PickleValue> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }
  // The node on top of the stack. Nodes are this machine's own, and so may be changed.
  PickleNode& top() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) damaged("takes what is not there");
    const auto* node = std::get_if<const PickleNode*>(&stack_.back());
    if (node == nullptr) damaged("adds to what takes nothing");
    return *const_cast<PickleNode*>(*node);
  }
  const std::string& pop_text() {
    const PickleNode* node = pickle_node(pop(), Kind::text);
    if (node == nullptr) damaged("has something else where a name should stand");
    return node->text;
  }

  void push_sequence(std::size_t count) {
    std::vector<PickleValue> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    push(make({Kind::sequence, "", std::move(items)}));
  }
  void add(const std::vector<PickleValue>& items) {
    std::vector<PickleValue>& all = top().items;
    all.insert(all.end(), items.begin(), items.end());
  }
  void set(const std::vector<PickleValue>& items) {
    if (items.size() % 2 != 0) damaged("has a key without a value");
    PickleNode& node = top();
    for (std::size_t i = 0; i < items.size(); i += 2)
      node.entries.emplace_back(items[i], items[i + 1]);
  }
  void push_call() {
    const PickleNode* arguments = pickle_node(pop(), Kind::sequence);
    const PickleNode* function = pickle_node(pop(), Kind::global);
    if (arguments == nullptr || function == nullptr) damaged("calls what is no function");
    push(make({Kind::call, "", {}, {}, function, arguments}));
  }
  void remember(std::uint64_t number) {
    const PickleValue value = pop();
    push(value);
    memo_[number] = value;
  }
  void recall(std::uint64_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) damaged("refers to what is not there");
    push(found->second);
  }

  // False at the end.
  bool step(Code code) {
    switch (code) {
      case Code::stop:
        return false;
      case Code::proto:
        if (const unsigned char protocol = byte(); protocol < 2 || protocol > 5)
          fail_invalid(name_ + ": is a pickle of protocol " + std::to_string(protocol) +
                       ", 2 to 5 are read");
        break;
      case Code::frame:
        static_cast<void>(take(8));
        break;
      case Code::mark:
        marks_.push_back(stack_.size());
        break;
      case Code::pop:
        static_cast<void>(pop());
        break;
      case Code::pop_mark:
        static_cast<void>(pop_mark());
        break;
      case Code::dup: {
        const PickleValue value = pop();
        push(value);
        push(value);
        break;
      }
      case Code::none:
        push(std::monostate());
        break;
      case Code::new_true:
        push(true);
        break;
      case Code::new_false:
        push(false);
        break;
      case Code::bin_int:
        push_long(4);
        break;
      case Code::bin_int1:
        push(static_cast<std::int64_t>(byte()));
        break;
      case Code::bin_int2:
        push(static_cast<std::int64_t>(number(2)));
        break;
      case Code::long1:
        push_long(byte());
        break;
      case Code::bin_float:
        push(big_endian_double());
        break;
      case Code::short_bin_string:
      case Code::short_bin_bytes:
      case Code::short_bin_unicode:
        push_text(byte());
        break;
      case Code::bin_string:
      case Code::bin_bytes:
      case Code::bin_unicode:
        push_text(number(4));
        break;
      case Code::bin_bytes8:
      case Code::bin_unicode8:
        push_text(number(8));
        break;
      case Code::empty_tuple:
      case Code::empty_list:
      case Code::empty_set:
        push_sequence(0);
        break;
      case Code::tuple1:
        push_sequence(1);
        break;
      case Code::tuple2:
        push_sequence(2);
        break;
      case Code::tuple3:
        push_sequence(3);
        break;
      case Code::tuple:
      case Code::list:
      case Code::frozen_set:
        push(make({Kind::sequence, "", pop_mark()}));
        break;
      case Code::append:
        add({pop()});
        break;
      case Code::appends:
      case Code::add_items:
        add(pop_mark());
        break;
      case Code::empty_dict:
        push(make({Kind::dictionary}));
        break;
      case Code::dict: {
        const std::vector<PickleValue> items = pop_mark();
        push(make({Kind::dictionary}));
        set(items);
        break;
      }
      case Code::set_item: {
        const PickleValue value = pop(), key = pop();
        set({key, value});
        break;
      }
      case Code::set_items:
        set(pop_mark());
        break;
      case Code::global: {
        const std::string module = line();
        push_global(module, line());
        break;
      }
      case Code::stack_global: {
        const std::string& name = pop_text();
        push_global(pop_text(), name);
        break;
      }
      case Code::reduce:
      case Code::new_object:
        push_call();
        break;
      case Code::new_object_ex:
        static_cast<void>(pop());  // named arguments
        push_call();
        break;
      case Code::build:  // an object's state, of which tensors and dictionaries have none
        static_cast<void>(pop());
        break;
      case Code::bin_pers_id:
        push_sequence(1);
        top().kind = Kind::persistent;
        break;
      case Code::bin_put:
        remember(byte());
        break;
      case Code::long_bin_put:
        remember(number(4));
        break;
      case Code::memoize:
        remember(memo_.size());
        break;
      case Code::bin_get:
        recall(byte());
        break;
      case Code::long_bin_get:
        recall(number(4));
        break;
      default:  // a byte of the file that is none of these
        damaged("holds an operation that is not read");
    }
    return true;
  }

  std::string_view bytes_;
  const std::string& name_;
  std::size_t at_ = 0;
  Pickle pickle_;
  std::vector<PickleValue> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack
  std::unordered_map<std::uint64_t, PickleValue> memo_;
};

}  // namespace

const PickleNode* pickle_node(const PickleValue& value, PickleNode::Kind kind) {
  const auto* node = std::get_if<const PickleNode*>(&value);
  return node != nullptr && (*node)->kind == kind ? *node : nullptr;
}

Pickle read_pickle(std::string_view bytes, const std::string& name) {
  return Machine(bytes, name).run();
}

}  // namespace pushforward
