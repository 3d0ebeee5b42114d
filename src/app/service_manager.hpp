// What a service manager is told: systemd's notification protocol, a datagram to the socket that it names.
#pragma once

#include <string_view>

namespace tongdian::app {

/// "READY=1", "STOPPING=1", "STATUS=…"; several lines in one. Nothing is done where $NOTIFY_SOCKET is not set, and nothing
/// fails: a city does not stop because nobody listens.
void tell_service_manager(std::string_view state);

}  // namespace tongdian::app
