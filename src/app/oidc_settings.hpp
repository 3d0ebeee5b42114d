// The file that describes a city's single sign-on.
#pragma once

#include <filesystem>

#include "identity/oidc.hpp"

namespace tongdian::app {

/// Throws ProblemError `config.wrong` at FILE:LINE:COLUMN. The client's secret is in a file of its own.
identity::OidcSettings read_oidc(const std::filesystem::path& file);

}  // namespace tongdian::app
