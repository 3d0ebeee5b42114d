// What supervisors see, as the contract's JSON.
#pragma once

#include "supervision/watch.hpp"

namespace tongdian::supervision {

struct PageContext {
  const policy::Pack& pack;
  const Watch& watch;
  std::function<std::string(const std::string& account)> staff_name;
  std::function<Sentence(const std::string& enterprise)> enterprise_name;
};

json::Object to_json(const Watch::Judged& judged, const PageContext& context);
/// The detectors of the pack with how many findings each has, by verdict.
json::Array kinds(const std::vector<Watch::Judged>& all, const PageContext& context);
json::Object to_json(const Order& order, LocalDate today, const PageContext& context);
json::Object to_json(const Named& named, const PageContext& context);
/// Channels, the longest process, the appraisal of enterprises and districts by confirmed findings, orders and the bulletin, and
/// how well promises have held. Takes the watch's lock.
json::Object reports(const std::vector<Watch::Judged>& all, const PageContext& context);

}  // namespace tongdian::supervision
