// JSON written as it goes: a log may have more arcs and findings than a tree of values should.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <string>
#include <string_view>

namespace tongdian::json {
void append_string(std::string& out, std::string_view text);  // base/json.hpp, which takes long to compile
}

namespace tongdian::mining {

class JsonWriter {
 public:
  /// What is written goes to `to` by and by; without it, `take` has all of it.
  explicit JsonWriter(std::function<void(std::string_view)> to = {}) : to_(std::move(to)) {}

  JsonWriter& key(std::string_view name) {
    comma();
    quoted(name);
    out_ += ':';
    after_key_ = true;
    return *this;
  }
  void open(char bracket) {
    comma();
    out_ += bracket;
    first_ = true;
  }
  void close(char bracket) {
    out_ += bracket;
    first_ = false;
    if (to_ && out_.size() > (64 << 10)) flush();
  }
  void flush() {
    to_(out_);
    out_.clear();
  }
  void text(std::string_view value) {
    comma();
    quoted(value);
  }
  void number(std::uint64_t value) {
    comma();
    out_ += std::to_string(value);
  }
  void real(double value) {
    comma();
    std::array<char, 40> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out_.append(digits.data(), end);
  }
  void word(std::string_view value) {
    comma();
    out_ += value;
  }
  std::string take() { return std::move(out_); }

 private:
  /// Most texts have nothing to escape and go out as they are.
  void quoted(std::string_view value) {
    const auto plain = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; };
    if (!std::ranges::all_of(value, plain)) return json::append_string(out_, value);
    out_ += '"';
    out_ += value;
    out_ += '"';
  }
  void comma() {
    if (!first_ && !after_key_) out_ += ',';
    first_ = after_key_ = false;
  }
  std::function<void(std::string_view)> to_;
  std::string out_;
  bool first_ = true, after_key_ = false;
};

}  // namespace tongdian::mining
