// Who may call a route, as data; who is calling; and the gate that compares the two.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace tongdian::wire {

enum class Role { admin, clerk, manager, supervisor };

/// Who is calling. A visitor has nothing but the kind.
struct Principal {
  enum class Kind {
    visitor,   ///< no session
    customer,  ///< holds the number of one case and the phone behind it, or has shown that a phone is theirs
    staff,
    program,  ///< another system, by the key of a service account
  };
  Kind kind = Kind::visitor;
  std::string user;                      ///< staff: account id; program: service account id
  std::string name;                      ///< staff, program: as shown to others
  std::vector<Role> roles;               ///< staff
  std::vector<std::string> areas;        ///< staff, program: area codes that they work in; empty is every area
  std::vector<std::string> enterprises;  ///< staff, program: supply enterprises that they work for; empty is every one
  std::vector<std::string> scopes;       ///< program: what its key is good for
  std::string case_number;               ///< customer by number and phone: the one case
  std::string phone_tag;                 ///< customer by one-time code: keyed digest of their phone, in hex
  std::string session;                   ///< id of the session; no secret
  std::string csrf;                      ///< of the session; state-changing calls repeat it in X-CSRF-Token
  bool pending = false;                  ///< staff: has to set up a second factor before anything else

  [[nodiscard]] bool has(Role role) const;
};

/// Who may call a route. Made by the makers below; a default one admits nobody, and no route may carry it.
struct Access {
  bool open_to_public = false;  ///< no session needed; a session, if there is one, is still recognised
  std::vector<Role> roles;      ///< staff with one of these
  /// A customer's session: of the case that the path's {number} names (where the phone alone is known the handler asks
  /// whose case it is), of a phone, or whichever where the path is about the session.
  enum class Customer { none, of_the_case, of_a_phone, any } customer = Customer::none;
  std::string scope{};         ///< programs whose key has this scope; empty: none
  bool while_pending = false;  ///< also before a required second factor is set up
  /// How far the areas and supply enterprises of staff and programs reach here. The handler keeps to it; the table of routes
  /// says it, and a test holds every route to what it says.
  enum class Reach {
    city,   ///< nothing of a case: everybody's, or one's own
    case_,  ///< the case that the path names, or `connection.not_found`
    rows,   ///< only the rows within reach are answered
    body,   ///< the place that the body names, or `identity.forbidden`
  } reach = Reach::city;

  static Access everyone();
  static Access staff(std::vector<Role> roles);
  static Access any_staff();
  /// Customers who have shown that a phone is theirs.
  static Access phone_customer();
  /// Staff or customer: for what a session does with itself.
  static Access any_session();
  /// The same staff within the reach of the case, and its customer.
  [[nodiscard]] Access or_case_customer() const;
  /// The same, and programs whose key has the scope.
  [[nodiscard]] Access or_program(std::string scope) const;
  /// The same, within the reach of areas and enterprises.
  [[nodiscard]] Access within(Reach reach) const;
  /// The same, and staff who have yet to set up their second factor.
  [[nodiscard]] Access even_pending() const;

  [[nodiscard]] bool admits_nobody() const {
    return !open_to_public && roles.empty() && customer == Customer::none && scope.empty();
  }
  /// For the table of routes: "public", or role names, "customer" and "program:SCOPE".
  [[nodiscard]] std::vector<std::string> words() const;

  bool operator==(const Access&) const = default;
};

/// Why `who` may not pass, if so: `identity.unauthenticated` (a visitor where a session is needed) or
/// `identity.forbidden`, `identity.second_factor_required` for staff who have yet to set one up. `number` is the case that the path names, if it names one.
std::optional<Problem> objection(const Access& access, const Principal& who, std::string_view number);

struct Request;

/// Asked before every handler, public routes included, so that a handler always knows who calls.
class Gate {
 public:
  virtual ~Gate() = default;
  /// Reads the session, checks X-CSRF-Token where a session changes state, applies `objection`. Called on the network
  /// threads: it answers from memory or from one indexed read.
  virtual Result<Principal> admit(const Request& request, const Access& access) = 0;
};

}  // namespace tongdian::wire

namespace tongdian {
template <>
struct EnumNames<wire::Access::Reach> {
  static constexpr std::array<std::string_view, 4> values{"city", "case", "rows", "body"};
};
template <>
struct EnumNames<wire::Role> {
  static constexpr std::array<std::string_view, 4> values{"admin", "clerk", "manager", "supervisor"};
};
}  // namespace tongdian
