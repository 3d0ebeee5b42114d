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
    customer,  ///< holds the number of one case and the phone behind it
    staff,
  };
  Kind kind = Kind::visitor;
  std::string user;                      ///< staff: account id
  std::string name;                      ///< staff: as shown to others
  std::vector<Role> roles;               ///< staff
  std::vector<std::string> areas;        ///< staff: area codes that they work in; empty is every area
  std::vector<std::string> enterprises;  ///< staff: supply enterprises that they work for; empty is every one
  std::string case_number;               ///< customer: the one case
  std::string csrf;                      ///< of the session; state-changing calls repeat it in X-CSRF-Token

  [[nodiscard]] bool has(Role role) const;
};

/// Who may call a route. Made by the makers below; a default one admits nobody, and no route may carry it.
struct Access {
  bool open_to_public = false;  ///< no session needed; a session, if there is one, is still recognised
  std::vector<Role> roles;      ///< staff with one of these
  /// A customer's session: of the case that the path's {number} names, or whichever where the path is about the session.
  enum class Customer { none, of_the_case, any } customer = Customer::none;

  static Access everyone();
  static Access staff(std::vector<Role> roles);
  static Access any_staff();
  /// Staff or customer: for what a session does with itself.
  static Access any_session();
  /// The same staff, and the customer of the case.
  [[nodiscard]] Access or_case_customer() const;

  [[nodiscard]] bool admits_nobody() const { return !open_to_public && roles.empty() && customer == Customer::none; }
  /// For the table of routes: "public", or role names and "customer".
  [[nodiscard]] std::vector<std::string> words() const;

  bool operator==(const Access&) const = default;
};

/// Why `who` may not pass, if so: `identity.unauthenticated` (a visitor where a session is needed) or
/// `identity.forbidden`. `number` is the case that the path names, if it names one.
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
struct EnumNames<wire::Role> {
  static constexpr std::array<std::string_view, 4> values{"admin", "clerk", "manager", "supervisor"};
};
}  // namespace tongdian
