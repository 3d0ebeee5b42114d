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
  std::vector<std::string> held;        ///< documents that the city has of this applicant from an earlier case
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
  json::Value draft;      ///< as in ReplyPlan, where acceptance is the plan's reply: at low voltage
};
struct ReplyPlan {
  std::string connection_point;
  std::string hand_over;
  json::Value
      draft;  ///< of the supply plan: its question, what it was computed from, digests; null where none was made
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
/// A time that something else than this program has written down: the meter's first reading, a drawing's or a photo's date, the
/// change in the network model, the date on the contract. Compared with the case's own times by `supervision`.
struct RecordEvidence {
  std::string kind;       ///< one of evidence_kinds
  std::string taken_at;   ///< RFC 3339, as the thing itself says
  std::string reference;  ///< number of the meter, file, switch or contract
};
/// A designer, builder or supplier of the customer's works, by its credit code.
struct NameFirm {
  std::string role, firm;
};
/// What a customer was charged: an item of the fee catalogue, if it is one.
struct RecordCharge {
  std::string item;
  std::int64_t fen = 0;
};
struct ConfirmCharge {
  std::string charge;
};
struct DropCharge {
  std::string charge, reason;
};
struct Assign {
  std::string role, account, reason;
  std::string until;  ///< last day of a cover
};
struct AnswerOrder {
  std::string measure, done_by;
};
/// Nothing fits (三(三)1): the case is to be filed in the whitelist with works that would cure it. Another one confirms.
struct ProposeWhitelist {
  std::string kind;               ///< of the pack's kinds
  std::string connection_point;   ///< where it will be connected once the works are done
  std::string limit, cure, what;  ///< of the first work, as in AddWorks
  std::string expected_on, responsible;
  json::Value
      draft;  ///< what the network answered: as in ReplyPlan, and `fits` and `whitelist`; null where none was asked
};
struct AddWorks {
  std::string limit;        ///< one of works_limits
  std::string cure;         ///< one of works_cures
  std::string what;         ///< the works themselves; technical, no personal data
  std::string expected_on;  ///< a date
  std::string responsible;  ///< an account's opaque id
};
struct ConfirmWhitelist {};
struct WithdrawWhitelist {
  std::string reason;
};
struct RescheduleWorks {
  std::string work, expected_on, reason;
};
struct CompleteWorks {
  std::string work;
  std::string hand_over;  ///< with the last of them: as in Accept
};
/// A file of the vault, whole and of the type that it says, answers a paper of the stage's list.
struct AttachFile {
  std::string document, file, type;
  std::int64_t size = 0;
  std::string digest;  ///< hex of SHA-256(salt ‖ content)
};
/// Made by the program where a request was refused that the text forbids.
struct NoteRefusal {
  std::string action, code;
  std::vector<std::string> documents;
};
struct Tick {};  ///< a deadline is due

inline constexpr std::array<std::string_view, 5> evidence_kinds{"meter", "topology", "file", "photo", "contract"};
/// As the network answers (docs/grid-applications.md).
inline constexpr std::array<std::string_view, 5> works_limits{"overload", "undervoltage", "substation", "n_minus_1",
                                                              "no_line"};
inline constexpr std::array<std::string_view, 5> works_cures{"reinforce", "regulate_voltage", "enlarge_substation",
                                                             "new_line", "new_tie"};
inline constexpr std::array<std::string_view, 3> firm_roles{"designer", "builder", "supplier"};

struct Command final : engine::Body {
  using Any = std::variant<RecordLead, Open, Submit, AskDocuments, Supplement, Accept, ReplyPlan, ReviewDesign,
                           InspectMidway, RecordDefects, TakeBack, Energise, Rate, Withdraw, ErasePerson, EraseAgain,
                           CorrectPerson, RecordEvidence, NameFirm, RecordCharge, ConfirmCharge, DropCharge, Assign,
                           AnswerOrder, AttachFile, ProposeWhitelist, AddWorks, ConfirmWhitelist, WithdrawWhitelist,
                           RescheduleWorks, CompleteWorks, NoteRefusal, Tick>;
  explicit Command(Any a) : any(std::move(a)) {}
  Any any;
};

BOOST_DESCRIBE_STRUCT(Open, (), ())
BOOST_DESCRIBE_STRUCT(AskDocuments, (), (documents))
BOOST_DESCRIBE_STRUCT(Supplement, (), (documents))
BOOST_DESCRIBE_STRUCT(Accept, (), (hand_over, draft))
BOOST_DESCRIBE_STRUCT(ReplyPlan, (), (connection_point, hand_over, draft))
BOOST_DESCRIBE_STRUCT(ReviewDesign, (), (hand_over))
BOOST_DESCRIBE_STRUCT(InspectMidway, (), (hand_over))
BOOST_DESCRIBE_STRUCT(RecordDefects, (), (defects))
BOOST_DESCRIBE_STRUCT(TakeBack, (), (documents))
BOOST_DESCRIBE_STRUCT(Energise, (), (meter))
BOOST_DESCRIBE_STRUCT(Rate, (), (score))
BOOST_DESCRIBE_STRUCT(Withdraw, (), (reason))
BOOST_DESCRIBE_STRUCT(ErasePerson, (), (ground, requested_by))
BOOST_DESCRIBE_STRUCT(RecordEvidence, (), (kind, taken_at, reference))
BOOST_DESCRIBE_STRUCT(NameFirm, (), (role, firm))
BOOST_DESCRIBE_STRUCT(RecordCharge, (), (item, fen))
BOOST_DESCRIBE_STRUCT(ConfirmCharge, (), (charge))
BOOST_DESCRIBE_STRUCT(DropCharge, (), (charge, reason))
BOOST_DESCRIBE_STRUCT(Assign, (), (role, account, reason, until))
BOOST_DESCRIBE_STRUCT(AnswerOrder, (), (measure, done_by))
BOOST_DESCRIBE_STRUCT(ProposeWhitelist, (),
                      (kind, connection_point, limit, cure, what, expected_on, responsible, draft))
BOOST_DESCRIBE_STRUCT(AddWorks, (), (limit, cure, what, expected_on, responsible))
BOOST_DESCRIBE_STRUCT(ConfirmWhitelist, (), ())
BOOST_DESCRIBE_STRUCT(WithdrawWhitelist, (), (reason))
BOOST_DESCRIBE_STRUCT(RescheduleWorks, (), (work, expected_on, reason))
BOOST_DESCRIBE_STRUCT(CompleteWorks, (), (work, hand_over))

}  // namespace tongdian::connection
