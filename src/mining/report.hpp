// The report: one page of HTML that asks nobody for anything, Chinese first, English by one click.
#pragma once

#include <string>

#include "mining/mine.hpp"

namespace tongdian::mining {

/// `name` is what the log is called in it.
std::string to_html(const Mined& mined, const std::string& name);

}  // namespace tongdian::mining
