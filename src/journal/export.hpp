// A journal as one file: JSON lines, canonical each, in an order in which it can be checked in one pass. docs/journal.md has
// the format; tools/verify_journal.py reads it without this program.
//
//   {"events":N,"format":"tongdian-journal","log":…,"suite":…,"version":1}
//   {"key":{…}}      the keys of heads, first to last
//   {"actor":…}      an event: its exact bytes
//   {"head":{…}}     after the event that it ends with
#pragma once

#include <iosfwd>

#include "journal/verify.hpp"

namespace tongdian::journal {

json::Object key_json(const KeyRecord& key);
/// `journal.bad_export` where it is not one.
Result<KeyRecord> key_from(const json::Value& value);

/// A page at a time, in constant memory.
void write_export(store::Session& session, const std::function<void(std::string_view line)>& on_line,
                  const OnProgress& progress = {});

/// As `verify`, over an exported file.
Verification verify_export(std::istream& in, const std::optional<Head>& expected = {}, const OnProgress& progress = {});

}  // namespace tongdian::journal
