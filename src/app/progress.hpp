// A line on standard error that moves while long work runs; only on a terminal, and only after a second.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

namespace tongdian::app {

class Progress {
 public:
  explicit Progress(std::string what, std::uint64_t of = 0) : what_(std::move(what)), of_(of) {}
  void at(std::uint64_t n) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || now - begun_ < std::chrono::seconds(1) || now - shown_ < std::chrono::milliseconds(100)) return;
    shown_ = now;
    visible_ = true;
    std::cerr << '\r' << what_ << ": " << n;
    if (of_ > 0) std::cerr << " of " << of_ << " (" << n * 100 / of_ << " %)";
    std::cerr << "  " << std::flush;
  }
  void done() {
    if (visible_) std::cerr << "\r\033[K" << std::flush;
  }

 private:
  std::string what_;
  std::uint64_t of_;
  bool terminal_ = ::isatty(2) == 1;
  bool visible_ = false;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now(), shown_{};
};

}  // namespace tongdian::app
