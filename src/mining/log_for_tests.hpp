// Small made-up logs for the room's tests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mining/mine.hpp"

namespace tongdian::mining {

inline std::unique_ptr<Mined> mine_text(std::string_view text, const Mapping& mapping = {}) {
  Options options;
  options.mapping = mapping;
  return mine(bytes_of(text), "log", options);
}

/// "a 3, b 1": activities with their events, in order of their names.
inline std::string activities_of(const Mined& mined) {
  std::map<std::string, std::uint64_t> sorted;
  for (std::uint32_t i = 0; i < mined.figures.activities.size(); ++i)
    if (mined.figures.activities[i] > 0) sorted[std::string(mined.labels.activities[i])] = mined.figures.activities[i];
  std::string out;
  for (const auto& [name, count] : sorted) out += (out.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return out;
}

/// "a>b 2, b>c 1".
inline std::string arcs_of(const Mined& mined, const Arcs& arcs) {
  std::map<std::string, std::uint64_t> sorted;
  const auto& names = mined.labels.activities;
  for (const auto& [key, count] : arcs)
    sorted[std::string(names[static_cast<std::uint32_t>(key >> 32)]) + ">" +
           std::string(names[static_cast<std::uint32_t>(key)])] = count;
  std::string out;
  for (const auto& [name, count] : sorted) out += (out.empty() ? "" : ", ") + name + " " + std::to_string(count);
  return out;
}

/// One event of XES: "a 2021-06-01T08:00:00Z"; either part may be missing ("a", " 2021-…").
inline std::string xes_event(const std::string& text) {
  const auto blank = text.find(' ');
  const auto name = text.substr(0, blank);
  std::string out = "<event>";
  if (!name.empty()) out += "<string key=\"concept:name\" value=\"" + name + "\"/>";
  if (blank != text.npos) out += "<date key=\"time:timestamp\" value=\"" + text.substr(blank + 1) + "\"/>";
  return out + "</event>";
}

inline std::string xes_trace(const std::string& name, const std::vector<std::string>& events) {
  std::string out = "<trace><string key=\"concept:name\" value=\"" + name + "\"/>";
  for (const auto& each : events) out += xes_event(each);
  return out + "</trace>";
}

}  // namespace tongdian::mining
