// Python's pickles, read as data: nothing in them is imported, called or executed.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pushforward {

struct PickleNode;

// None, True or False, a number, or a node that the Pickle owns.
using PickleValue = std::variant<std::monostate, bool, std::int64_t, double, const PickleNode*>;

struct PickleNode {
  enum class Kind {
    text,        // `text`, in UTF-8, or bytes
    integer,     // one of more than 64 bits: `text` holds its bytes, the lowest first
    sequence,    // a tuple, a list or a set: `items`
    dictionary,  // `entries`
    global,      // a function or class, by its full name `text`: "torch._utils._rebuild_tensor_v2"
    call,        // what `function` would give, called with `arguments`; `items` and `entries` are
                 // what is added to it afterwards
    persistent   // what stands outside the pickle under the name items[0]
  };
  Kind kind;
  std::string text{};
  std::vector<PickleValue> items{};
  std::vector<std::pair<PickleValue, PickleValue>> entries{};
  const PickleNode *function = nullptr, *arguments = nullptr;
};

// The node of that kind that `value` is; null if it is something else.
[[nodiscard]] const PickleNode* pickle_node(const PickleValue& value, PickleNode::Kind kind);

struct Pickle {
  std::deque<PickleNode> nodes;  // may refer to each other in circles
  PickleValue value;
  std::size_t size = 0;  // of the pickle, in bytes
};

// The pickle that `bytes` begin with, of protocol 2 to 5 (what follows its end is left). Text and
// nodes are stored once, however often they are referred to, so that the memory grows with the
// bytes. Error(invalid), beginning with `name`, where it is cut short or makes no sense.
[[nodiscard]] Pickle read_pickle(std::string_view bytes, const std::string& name);

}  // namespace pushforward
