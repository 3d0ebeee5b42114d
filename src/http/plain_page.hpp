// Pages that inform without script: index.html with the page's words between its marks.
#pragma once

#include "http/server.hpp"
#include "http/static_files.hpp"
#include "wire/router.hpp"

namespace tongdian::http {

/// Answers, now or later, where the address is a page whose words are known: those of `page`, or the file plain/NAME.LANGUAGE.html.
/// False: serve the address as a file.
bool serve_plain_page(const StaticFiles& files, const Options& options, const wire::RequestPtr& request,
                      const wire::Reply& reply);

/// `shell` with `words` in the place of what stands between <!--page--> and <!--/page-->; as it is without these marks.
std::string filled(std::string_view shell, std::string_view words);

}  // namespace tongdian::http
