// What a person may ask of their data: a copy (个人信息保护法 45), a correction (46); erasure (47) is an action of the case.
#pragma once

#include "journeys/application.hpp"
#include "journeys/city.hpp"

namespace tongdian::journeys {

/// What is to be put right; what is empty stays as it is.
struct Correction {
  std::string name, phone, id_number, address;
};
BOOST_DESCRIBE_STRUCT(Correction, (), (name, phone, id_number, address))

struct Corrected {
  connection::CorrectPerson command;
  journal::Sealed sealed;
};
/// The case's data with the correction, sealed anew under a new key. A problem's path begins with /input.
Result<Corrected> correct(const Correction& correction, const Found& found, const journal::Vault& vault,
                          store::Session& session);

/// Everything that the city holds of the person of a case, as docs/person.md describes it. Without `whole` the identity
/// number is masked and the salt left out, for they would let somebody who found number and phone learn it.
json::Object person_copy(const Found& found, const journal::Vault& vault, store::Session& session,
                         const connection::PageContext& context, bool whole);

}  // namespace tongdian::journeys
