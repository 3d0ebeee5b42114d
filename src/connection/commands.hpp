// What can be asked of a connection case. One struct a command; the engine carries them as Body.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/behaviour.hpp"
#include "policy/facts.hpp"

namespace tongdian::connection {

/// Where and for whom, without personal data: codes, and the digest of what the vault holds.
struct Opening {
  std::string number;  ///< "TD211115-7KQ4MX", as people quote it
  std::string area;
  std::string township;
  std::string enterprise;
  std::string applicant_digest;         ///< hex of the vault's commitment; empty for a lead without an applicant
  std::vector<std::string> duplicates;  ///< open cases of the same phone and place
  policy::Facts facts;                  ///< `applied_at` is set by the engine's clock, never by the sender
};

/// A simple low-risk project (二·省心) that another authority announced; the utility opens the case by itself.
struct RecordLead {
  Opening opening;
  std::string project_code;
  std::string arrived_at;  ///< RFC 3339, as the sender says
};
struct Open {};  ///< the utility opens a lead
struct Submit {
  Opening opening;
};
struct AskDocuments {
  std::vector<std::string> documents;
};
struct Supplement {
  std::vector<std::string> documents;
};
struct Accept {
  std::string hand_over;  ///< a reason of the pack's closed list, or empty: the next stage starts at once
};
struct ReplyPlan {
  std::string connection_point;
  std::string hand_over;
};
struct ReviewDesign {
  std::string hand_over;
};
struct InspectMidway {
  std::string hand_over;
};
struct RecordDefects {
  std::string defects;  ///< technical; the form says that it takes no personal data
};
struct TakeBack {
  std::vector<std::string> documents;
};
struct Energise {
  std::string meter;
};
struct Rate {
  int score = 0;
};
struct Withdraw {
  std::string reason;
};
/// The person's data are destroyed; what happened stays (个人信息保护法 47).
struct ErasePerson {
  std::string ground;  ///< of the pack's closed list
  std::string
      requested_by;  ///< "person", or "controller" where the keeper of the data does it unasked; empty is the person
};
/// The data had been erased, and came back with a backup from before; whatever the case's state, they go again.
struct EraseAgain {
  Instant first_at{};
};
/// Data that were wrong are replaced in the vault (个人信息保护法 46); the event names which, and their new digest.
struct CorrectPerson {
  std::string applicant_digest;
  std::vector<std::string> fields;
};
struct Tick {};  ///< a deadline is due

struct Command final : engine::Body {
  using Any =
      std::variant<RecordLead, Open, Submit, AskDocuments, Supplement, Accept, ReplyPlan, ReviewDesign, InspectMidway,
                   RecordDefects, TakeBack, Energise, Rate, Withdraw, ErasePerson, EraseAgain, CorrectPerson, Tick>;
  explicit Command(Any a) : any(std::move(a)) {}
  Any any;
};

BOOST_DESCRIBE_STRUCT(Open, (), ())
BOOST_DESCRIBE_STRUCT(AskDocuments, (), (documents))
BOOST_DESCRIBE_STRUCT(Supplement, (), (documents))
BOOST_DESCRIBE_STRUCT(Accept, (), (hand_over))
BOOST_DESCRIBE_STRUCT(ReplyPlan, (), (connection_point, hand_over))
BOOST_DESCRIBE_STRUCT(ReviewDesign, (), (hand_over))
BOOST_DESCRIBE_STRUCT(InspectMidway, (), (hand_over))
BOOST_DESCRIBE_STRUCT(RecordDefects, (), (defects))
BOOST_DESCRIBE_STRUCT(TakeBack, (), (documents))
BOOST_DESCRIBE_STRUCT(Energise, (), (meter))
BOOST_DESCRIBE_STRUCT(Rate, (), (score))
BOOST_DESCRIBE_STRUCT(Withdraw, (), (reason))
BOOST_DESCRIBE_STRUCT(ErasePerson, (), (ground, requested_by))

}  // namespace tongdian::connection
