#include "app/evidence_import.hpp"

#include <algorithm>

namespace tongdian::app {

EvidenceImport import_evidence(Foundation& f, const journeys::EvidenceFile& file, const Clock& clock) {
  auto executor = f.executor(clock);
  EvidenceImport out;
  out.wrong = file.wrong;
  constexpr std::size_t at_once = 200;
  std::vector<engine::Pending> batch;
  const auto carry_out = [&] {
    executor->execute(batch);
    batch.clear();
  };
  for (const auto& row : file.rows) {
    batch.push_back({journeys::to_command(row, {"system", "operator"}), [&out, &row](const engine::Answer& answer) {
                       if (answer)
                         ++(answer->repeated ? out.repeated : out.recorded);
                       else if (answer.error().kind == Problem::Kind::failure)
                         throw ProblemError(answer.error());
                       else
                         out.wrong.push_back({row.line, journeys::column_of(answer.error()), answer.error()});
                     }});
    if (batch.size() == at_once) carry_out();
  }
  carry_out();
  std::ranges::stable_sort(out.wrong, {}, &journeys::WrongRow::line);
  return out;
}

}  // namespace tongdian::app
