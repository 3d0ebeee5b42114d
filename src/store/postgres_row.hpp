// A row of libpq's binary format, read by the column's type.
#pragma once

#include <libpq-fe.h>

#include <bit>

#include "store/database.hpp"

namespace tongdian::store {

class PostgresRow final : public Row {
 public:
  explicit PostgresRow(const PGresult* result) : result_(result) {}

  Type type(int c) const override {
    if (PQgetisnull(result_, 0, c)) return Type::none;
    switch (PQftype(result_, c)) {
      case oid_bool:
      case oid_int8:
      case oid_int2:
      case oid_int4:
      case oid_oid: return Type::integer;
      case oid_float4:
      case oid_float8: return Type::real;
      case oid_bytea: return Type::bytes;
      case oid_name:
      case oid_text:
      case oid_unknown:
      case oid_bpchar:
      case oid_json:
      case oid_varchar: return Type::text;
      default:
        // numeric above all, which sum() over BIGINT gives.
        throw ProblemError(failure(
            "store.failed", {"列 " + std::string(name(c)) + " 的类型无法读取",
                             "column " + std::string(name(c)) + " has a type that is not read; CAST it in the query"}));
    }
  }
  std::string_view name(int c) const override { return PQfname(result_, c); }
  std::int64_t integer(int c) const override {
    switch (type(c)) {
      case Type::integer: return whole(c);
      case Type::real: return static_cast<std::int64_t>(real(c));
      default: return 0;
    }
  }
  double real(int c) const override {
    if (type(c) == Type::integer) return static_cast<double>(whole(c));
    if (type(c) != Type::real) return 0;
    if (PQgetlength(result_, 0, c) == 4) return std::bit_cast<float>(static_cast<std::uint32_t>(bits(c)));
    return std::bit_cast<double>(bits(c));
  }
  std::string_view text(int c) const override {
    return {PQgetvalue(result_, 0, c), static_cast<std::size_t>(PQgetlength(result_, 0, c))};
  }
  ByteView bytes(int c) const override {
    return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_, 0, c)),
            static_cast<std::size_t>(PQgetlength(result_, 0, c))};
  }
  int columns() const override { return PQnfields(result_); }

 private:
  // pg_type.h; these numbers never change.
  static constexpr Oid oid_bool = 16, oid_bytea = 17, oid_name = 19, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23,
                       oid_text = 25, oid_oid = 26, oid_json = 114, oid_float4 = 700, oid_float8 = 701,
                       oid_unknown = 705, oid_bpchar = 1042, oid_varchar = 1043;

  /// Network byte order.
  [[nodiscard]] std::uint64_t bits(int c) const {
    std::uint64_t out = 0;
    for (const auto byte : bytes(c)) out = out << 8 | byte;
    return out;
  }
  [[nodiscard]] std::int64_t whole(int c) const {
    switch (PQgetlength(result_, 0, c)) {
      case 1: return static_cast<std::int64_t>(bits(c));
      case 2: return static_cast<std::int16_t>(bits(c));
      case 4: return static_cast<std::int32_t>(bits(c));
      default: return static_cast<std::int64_t>(bits(c));
    }
  }

  const PGresult* result_;
};

}  // namespace tongdian::store
