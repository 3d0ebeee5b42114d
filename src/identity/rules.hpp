// What a city asks of its staff's sign-in.
#pragma once

#include "identity/passwords.hpp"

namespace tongdian::identity {

struct Rules {
  bool second_factor_required = false;  ///< whoever has none sets it up before anything else
  BreachList breached;
};

}  // namespace tongdian::identity
