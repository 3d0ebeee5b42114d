#include "mining/xes.hpp"

#include <algorithm>
#include <array>

#include "mining/xml.hpp"

namespace tongdian::mining {
namespace {

constexpr std::array<std::string_view, 8> attribute_elements{"string",  "date", "int",  "float",
                                                             "boolean", "id",   "list", "container"};
constexpr std::array<std::string_view, 4> standard_extensions{"concept", "time", "org", "lifecycle"};

bool is_attribute(std::string_view name) {
  return name == "string" || name == "date" || std::ranges::find(attribute_elements, name) != attribute_elements.end();
}

/// What a key means, and how sure that is: of two keys for one thing the lower rank counts.
struct Meaning {
  Role role = Role::none;
  std::uint8_t rank = 0;
  bool known = false;
};

class XesReader {
 public:
  XesReader(Window& window, const Mapping& mapping, Labels& labels, Notes& notes, Source& source, Cases& cases)
      : xml_(window), mapping_(mapping), labels_(labels), notes_(notes), source_(source), cases_(cases) {}

  void read() {
    const auto& root = xml_.next();
    empty_ = root.empty;
    if (root.name != "log")
      throw ProblemError(bad_input("mine.not_a_log", "",
                                   {"根元素是 " + std::string(root.name.substr(0, 40)) + "，不是 log",
                                    "the root element is " + std::string(root.name.substr(0, 40)) + ", not log"},
                                   {"请提供 XES 或 CSV 日志", "give an XES or a CSV log"}));
    children([this](const XmlTag& tag) { in_log(tag); });
    xml_.next();
  }

 private:
  /// Calls `each` for every child of the element that has just opened, up to its closing tag.
  template <class Each>
  void children(Each each) {
    if (tag_is_empty()) return;
    const auto depth = xml_.depth();
    for (;;) {
      const auto& tag = xml_.next();
      if (tag.kind == XmlTag::Kind::close) {
        if (xml_.depth() < depth) return;
      } else {
        empty_ = tag.empty;
        each(tag);
      }
    }
  }
  bool tag_is_empty() {
    const bool was = empty_;
    empty_ = false;
    return was;
  }
  /// Passes over what lies within the element that has just opened.
  void skip() {
    if (tag_is_empty()) return;
    const auto depth = xml_.depth();
    while (xml_.next().kind != XmlTag::Kind::close || xml_.depth() >= depth) {}
  }
  [[noreturn]] void misplaced(std::string_view name) {
    xml_.fail(xml_.tag_at(), "<" + std::string(name) + "> 不应在此",
              "<" + std::string(name) + "> does not belong here");
  }

  void in_log(const XmlTag& tag) {
    if (tag.name == "trace") return trace();
    if (tag.name == "log") misplaced(tag.name);
    if (tag.name == "event")
      ++notes_.events_outside_cases;
    else if (tag.name == "extension")
      extension(tag);
    else if (!is_attribute(tag.name) && tag.name != "global" && tag.name != "classifier" && tag.name != "properties")
      ++notes_.unknown_elements;
    skip();
  }

  /// A standard extension under another prefix: its keys mean the same.
  void extension(const XmlTag& tag) {
    std::string prefix, uri;
    for (const auto& [name, value] : tag.attributes) {
      if (name == "prefix") prefix = xml_.text(value);
      if (name == "uri") uri = xml_.text(value);
    }
    for (const auto standard : standard_extensions)
      if (uri.ends_with("/" + std::string(standard) + ".xesext") && prefix != standard && !prefix.empty())
        prefixes_.emplace_back(prefix + ":", std::string(standard) + ":");
  }

  void trace() {
    events_.clear();
    facts_ = {};
    id_.clear();
    best_.fill(0xFF);
    // A file that breaks off within a trace still gives the events that were whole.
    try {
      children([this](const XmlTag& tag) { in_trace(tag); });
    } catch (const ProblemError&) {
      if (!events_.empty()) cases_.add(number_++, id_, facts_, events_);
      throw;
    }
    cases_.add(number_++, id_, facts_, events_);
  }

  void in_trace(const XmlTag& tag) {
    if (tag.name == "event") return event();
    if (tag.name == "trace" || tag.name == "log") misplaced(tag.name);
    if (is_attribute(tag.name))
      trace_attribute(tag);
    else
      ++notes_.unknown_elements;
    skip();
  }

  void event() {
    event_ = {};
    event_.case_number = number_;
    best_event_.fill(0xFF);
    unreadable_ = false;
    children([this](const XmlTag& tag) { in_event(tag); });
    if (event_.activity == no_text) {
      ++notes_.events_without_activity;
      event_.activity = labels_.activities.add("");
    }
    if (event_.time == no_time) {
      ++notes_.events_without_time;
      if (unreadable_) ++notes_.unreadable_times;
    }
    events_.push_back(event_);
  }

  void in_event(const XmlTag& tag) {
    if (is_attribute(tag.name))
      event_attribute(tag);
    else if (tag.name == "event" || tag.name == "trace" || tag.name == "log")
      misplaced(tag.name);
    else
      ++notes_.unknown_elements;
    skip();
  }

  /// The key's meaning and the value; none where the element has not both.
  Meaning meaning_of(const XmlTag& tag, bool of_trace, std::string_view& value) {
    std::string_view key;
    bool has_key = false, has_value = false;
    for (const auto& attribute : tag.attributes) {
      if (attribute.name == "key") {
        key = attribute.value;
        has_key = true;
      } else if (attribute.name == "value") {
        value = attribute.value;
        has_value = true;
      }
    }
    if (!has_key || !has_value) return {};
    const auto number = keys_.add(key);
    auto& meanings = meanings_[of_trace ? 1 : 0];
    if (number >= meanings.size()) meanings.resize(number + 64);
    auto& meaning = meanings[number];
    if (!meaning.known)
      meaning = of_trace ? of_trace_key(std::string(xml_.text(key))) : of_event_key(std::string(xml_.text(key)));
    return meaning;
  }

  Meaning found(Role role, int rank, const std::string& key) {
    if (role != Role::none) source_.columns.push_back({std::string(name_of(role)), key, !mapping_.of(role).empty()});
    return {role, static_cast<std::uint8_t>(std::clamp(rank, 0, 254)), true};
  }

  /// The key with the prefix that the standard gives its extension; `moved` where it had another.
  std::string canonical(const std::string& key, bool& moved) const {
    for (const auto& [prefix, standard] : prefixes_)
      if (key.starts_with(prefix)) {
        moved = true;
        return standard + key.substr(prefix.size());
      }
    return key;
  }

  Meaning by_mapping(const std::string& key, std::initializer_list<Role> roles) {
    for (const auto role : roles)
      if (mapping_.of(role) == key && !key.empty()) return found(role, 0, key);
    return {};
  }
  [[nodiscard]] bool free(Role role) const { return mapping_.of(role).empty(); }

  Meaning of_event_key(const std::string& key) {
    using enum Role;
    if (const auto given = by_mapping(
            key, {activity, time, resource, lifecycle, start, recorded, deadline, promised, finished, customer});
        given.known)
      return given;
    bool moved = false;
    const auto name = canonical(key, moved);
    const int far = moved ? 1 : 0;
    if (name == "concept:name" && free(activity)) return found(activity, far, key);
    if (name == "time:timestamp" && free(time)) return found(time, far, key);
    if (name == "org:resource" && free(resource)) return found(resource, far, key);
    if (name == "lifecycle:transition" && free(lifecycle)) return found(lifecycle, far, key);
    for (const auto role : {start, recorded, deadline, promised, finished, customer})
      if (const int r = rank(role, key); r >= 0 && free(role)) return found(role, 100 + r, key);
    return found(none, 0, key);
  }

  Meaning of_trace_key(const std::string& key) {
    using enum Role;
    if (const auto given = by_mapping(key, {case_id, deadline, promised, finished, customer}); given.known)
      return given;
    bool moved = false;
    const auto name = canonical(key, moved);
    if (name == "concept:name" && free(case_id)) return found(case_id, moved ? 1 : 0, key);
    for (const auto role : {deadline, promised, finished, customer})
      if (const int r = rank(role, key); r >= 0 && free(role)) return found(role, r, key);
    return found(none, 0, key);
  }

  static bool better(std::array<std::uint8_t, role_count>& best, Meaning meaning) {
    auto& so_far = best[static_cast<std::size_t>(meaning.role)];
    if (meaning.rank > so_far) return false;
    so_far = meaning.rank;
    return true;
  }

  void trace_attribute(const XmlTag& tag) {
    std::string_view raw;
    const auto meaning = meaning_of(tag, true, raw);
    if (meaning.role == Role::none || !better(best_, meaning)) return;
    const auto value = xml_.text(raw);
    if (meaning.role == Role::case_id)
      id_ = value;
    else
      of_case(meaning.role, value);
  }

  void of_case(Role role, std::string_view value) {
    if (role == Role::customer) {
      if (!value.empty()) facts_.customer = labels_.customers.add(value);
      return;
    }
    const auto moment = read_moment(value);
    if (!moment) return;
    (role == Role::deadline ? facts_.deadline : role == Role::promised ? facts_.promised : facts_.finished) = moment;
  }

  void event_attribute(const XmlTag& tag) {
    std::string_view raw;
    const auto meaning = meaning_of(tag, false, raw);
    if (meaning.role == Role::none) return;
    const bool of_the_case = meaning.role >= Role::deadline;
    if (!better(of_the_case ? best_ : best_event_, meaning)) return;
    const auto value = xml_.text(raw);
    switch (meaning.role) {
      case Role::activity: event_.activity = labels_.activities.add(value); break;
      case Role::time: {
        const auto moment = read_moment(value);
        event_.time = moment.at;
        event_.offset = moment.offset;
        unreadable_ = !moment && !value.empty();
        break;
      }
      case Role::resource: event_.resource = value.empty() ? no_text : labels_.resources.add(value); break;
      case Role::lifecycle: {
        const auto number = labels_.lifecycles.add(value);
        event_.lifecycle = number < 0xFFFF ? static_cast<std::uint16_t>(number) : 0;
        break;
      }
      case Role::start: event_.start = read_moment(value).at; break;
      case Role::recorded: event_.recorded = read_moment(value).at; break;
      default: of_case(meaning.role, value);
    }
  }

  XmlReader xml_;
  const Mapping& mapping_;
  Labels& labels_;
  Notes& notes_;
  Source& source_;
  Cases& cases_;

  std::vector<std::pair<std::string, std::string>> prefixes_;
  Interner keys_;
  std::array<std::vector<Meaning>, 2> meanings_;
  bool empty_ = false;

  std::uint32_t number_ = 0;
  std::string id_;
  CaseFacts facts_;
  std::vector<Event> events_;
  Event event_;
  bool unreadable_ = false;
  std::array<std::uint8_t, role_count> best_{}, best_event_{};
};

}  // namespace

void read_xes(Window& window, const Mapping& mapping, Labels& labels, Notes& notes, Source& source, Cases& cases) {
  XesReader(window, mapping, labels, notes, source, cases).read();
}

}  // namespace tongdian::mining
