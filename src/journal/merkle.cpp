#include "journal/merkle.hpp"

#include <bit>
#include <cassert>

namespace tongdian::journal {
namespace {

constexpr std::uint8_t leaf_prefix[] = {0};
constexpr std::uint8_t node_prefix[] = {1};

/// The largest power of two below n, n > 1.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

/// MTH of the leaves [begin, end): whole aligned subtrees come from the source.
Hash subtree(std::uint64_t begin, std::uint64_t end, const NodeSource& nodes) {
  const std::uint64_t n = end - begin;
  if (std::has_single_bit(n) && begin % n == 0) {
    const int level = std::countr_zero(n);
    return nodes(level, begin >> level);
  }
  const std::uint64_t k = split(n);
  return node_hash(nodes.suite, subtree(begin, begin + k, nodes), subtree(begin + k, end, nodes));
}

void inclusion(std::uint64_t index, std::uint64_t begin, std::uint64_t end, const NodeSource& nodes,
               std::vector<Hash>& path) {
  if (end - begin == 1) return;
  const std::uint64_t middle = begin + split(end - begin);
  if (index < middle) {
    inclusion(index, begin, middle, nodes, path);
    path.push_back(subtree(middle, end, nodes));
  } else {
    inclusion(index, middle, end, nodes, path);
    path.push_back(subtree(begin, middle, nodes));
  }
}

/// SUBPROOF(m, D[begin:end], whole): `from` is absolute here.
void consistency(std::uint64_t from, std::uint64_t begin, std::uint64_t end, bool whole, const NodeSource& nodes,
                 std::vector<Hash>& path) {
  if (from == end) {
    if (!whole) path.push_back(subtree(begin, end, nodes));
    return;
  }
  const std::uint64_t middle = begin + split(end - begin);
  if (from <= middle) {
    consistency(from, begin, middle, whole, nodes, path);
    path.push_back(subtree(middle, end, nodes));
  } else {
    consistency(from, middle, end, false, nodes, path);
    path.push_back(subtree(begin, middle, nodes));
  }
}

}  // namespace

Hash leaf_hash(Suite suite, ByteView leaf) { return digest(suite, {leaf_prefix, leaf}); }
Hash node_hash(Suite suite, const Hash& left, const Hash& right) { return digest(suite, {node_prefix, left, right}); }
Hash empty_root(Suite suite) { return digest(suite, {}); }

void Frontier::append(const Hash& leaf) {
  peaks_.push_back(leaf);
  // As in binary addition: each trailing one of the old size is a pair of equal subtrees to join.
  for (std::uint64_t carry = size_; carry & 1; carry >>= 1) {
    const Hash right = peaks_.back();
    peaks_.pop_back();
    peaks_.back() = node_hash(suite_, peaks_.back(), right);
  }
  ++size_;
}

Frontier Frontier::of(std::uint64_t size, const NodeSource& nodes) {
  Frontier out(nodes.suite);
  out.size_ = size;
  std::uint64_t begin = 0;
  for (std::uint64_t rest = size; rest != 0; rest -= std::bit_floor(rest)) {
    const std::uint64_t n = std::bit_floor(rest);
    const int level = std::countr_zero(n);
    out.peaks_.push_back(nodes(level, begin >> level));
    begin += n;
  }
  return out;
}

Hash Frontier::root() const {
  if (peaks_.empty()) return empty_root(suite_);
  Hash root = peaks_.back();
  for (auto peak = peaks_.rbegin() + 1; peak != peaks_.rend(); ++peak) root = node_hash(suite_, *peak, root);
  return root;
}

Hash root_of(std::uint64_t size, const NodeSource& nodes) {
  return size == 0 ? empty_root(nodes.suite) : subtree(0, size, nodes);
}

std::vector<Hash> inclusion_path(std::uint64_t index, std::uint64_t size, const NodeSource& nodes) {
  assert(index < size);
  std::vector<Hash> path;
  inclusion(index, 0, size, nodes, path);
  return path;
}

std::vector<Hash> consistency_path(std::uint64_t from, std::uint64_t to, const NodeSource& nodes) {
  assert(0 < from && from <= to);
  std::vector<Hash> path;
  if (from < to) consistency(from, 0, to, true, nodes, path);
  return path;
}

bool verify_inclusion(Suite suite, const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Hash> path, const Hash& root) {
  if (index >= size) return false;
  std::uint64_t fn = index;
  std::uint64_t sn = size - 1;
  Hash r = leaf;
  for (const Hash& p : path) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      r = node_hash(suite, p, r);
      if ((fn & 1) == 0) {
        const int shift = fn == 0 ? std::countr_zero(sn + 1) : std::countr_zero(fn);
        // fn == sn here, and both are even: go up to where this subtree is a right child.
        fn >>= shift;
        sn >>= shift;
      }
    } else {
      r = node_hash(suite, r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && r == root;
}

bool verify_consistency(Suite suite, std::uint64_t from, std::uint64_t to, const Hash& from_root, const Hash& to_root,
                        std::span<const Hash> path) {
  if (from > to) return false;
  if (from == to) return path.empty() && from_root == to_root && (from != 0 || from_root == empty_root(suite));
  if (from == 0 || path.empty()) return false;
  // Where `from` is a power of two its own root starts the walk and is not sent.
  const bool complete = std::has_single_bit(from);
  std::uint64_t fn = from - 1;
  std::uint64_t sn = to - 1;
  const int shift = std::countr_one(fn);
  fn >>= shift;
  sn >>= shift;
  Hash fr = complete ? from_root : path.front();
  Hash sr = fr;
  for (const Hash& c : path.subspan(complete ? 0 : 1)) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      fr = node_hash(suite, c, fr);
      sr = node_hash(suite, c, sr);
      while ((fn & 1) == 0 && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      sr = node_hash(suite, sr, c);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && fr == from_root && sr == to_root;
}

}  // namespace tongdian::journal
