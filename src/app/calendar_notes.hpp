// Who gave which calendar: the command leaves a line beside the files, the running city tells the journal what it counts by.
#pragma once

#include "app/foundation.hpp"
#include "connection/calendar_record.hpp"

namespace tongdian::app {

/// DATA/calendars/loaded.jsonl: a line for each file that came by the command. Appended before the file is there, so that whoever
/// sees the file finds the line.
void note_loaded(const std::filesystem::path& data, const std::string& area, const connection::LoadedFile& file);

/// Puts files that were confirmed under four eyes beside those that are there, in the order of their confirmation; each once, as
/// DATA/calendars/confirmed says. How many; a file that no longer fits the others is an error in the log, and is tried again when the next one comes and at a start.
std::size_t take_confirmed(const Foundation& f, store::Session& session);

/// What the city and its districts count by beside the pack: a command each, for those of which the journal is to say something.
std::vector<engine::Command> calendar_notes(Foundation& f);

}  // namespace tongdian::app
