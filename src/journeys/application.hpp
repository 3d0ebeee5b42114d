// From what somebody sends to the command that opens a case: personal data to the vault, the rest to the journal.
#pragma once

#include <string>

#include "base/random.hpp"
#include "connection/commands.hpp"
#include "engine/executor.hpp"
#include "journal/vault.hpp"
#include "policy/facts.hpp"
#include "store/database.hpp"

namespace tongdian::journeys {

struct Applicant {
  std::string name, phone, id_number;
};
struct Site {
  std::string area, township, address;
};
/// The body of POST /api/v1/cases.
struct Submission {
  policy::Facts facts;
  Applicant applicant;
  Site site;
  std::string enterprise, channel;
};
/// The body of POST /api/v1/leads.
struct Lead {
  std::string project_code, area, township, enterprise;
  double requested_kw = 0;
  std::string arrived_at;
  policy::Facts facts;
  Applicant applicant;  ///< as the other authority has it; the utility opens the case for them
  std::string address;
};
BOOST_DESCRIBE_STRUCT(Applicant, (), (name, phone, id_number))
BOOST_DESCRIBE_STRUCT(Site, (), (area, township, address))
BOOST_DESCRIBE_STRUCT(Submission, (), (facts, applicant, site, enterprise, channel))
BOOST_DESCRIBE_STRUCT(Lead, (),
                      (project_code, area, township, enterprise, requested_kw, arrived_at, facts, applicant, address))

/// What is wrong with a submission before any rule is asked, with its place in the body.
std::optional<Problem> defect(const Submission& submission);
/// The same of the parts that name a person; `at` is where they stand in the body.
std::optional<Problem> defect(const Applicant& applicant, const std::string& at);
std::optional<Problem> address_defect(const std::string& address, const std::string& at);

/// Who, where and why as the vault keeps it: name, phone, id_number, address, site_reason. `key`: the person's, if they have one.
journal::Sealed sealed(const Applicant& applicant, const Site& site, const std::string& site_reason,
                       const journal::Vault& vault, const std::optional<Hash>& key = {});

/// The command; `session` is read for likely duplicates. `key` is the caller's idempotency key.
engine::Command to_command(const Submission& submission, const std::string& key, const engine::Actor& actor,
                           const journal::Vault& vault, store::Session& session, Random& random, LocalDate today);
engine::Command to_command(const Lead& lead, const std::string& key, const engine::Actor& actor,
                           const journal::Vault& vault, store::Session& session, Random& random, LocalDate today);
/// The part of a lead that is as in an application; `defect` looks at it.
Submission as_submission(const Lead& lead);

/// "TD211115-7KQ4MX": the day, and enough chance that nobody finds a case by counting. Crockford's alphabet: no I, L, O, U.
std::string make_number(Random& random, LocalDate today);
/// Digits only, without the country's prefix.
std::string plain_phone(std::string_view phone);

}  // namespace tongdian::journeys
