#include "grid/cim_line.hpp"

#include <algorithm>
#include <array>

#include "grid/record.hpp"
#include "grid/symmetrical.hpp"

namespace tongdian::grid {
namespace {

using Complex = std::complex<double>;
using Matrix4 = std::array<std::array<Complex, 4>, 4>;  // a, b, c, n

struct Section {
  Matrix4 z{}, y{};  ///< Ω, S, of the whole length
  std::array<bool, 4> has{};
};

/// The neutral, earthed at both ends, takes its share.
void fold_neutral(Matrix4& z) {
  const Complex own = z[3][3];
  for (int p = 0; p < 3; ++p)
    for (int q = 0; q < 3; ++q) z[p][q] -= z[p][3] * z[3][q] / own;
}

class Lines {
 public:
  Lines(const CimObjects& objects, const NodeOfEquipment& node_of, Network& network)
      : objects_(objects), node_of_(node_of), network_(network) {}

  void read() {
    for (const auto* line : objects_.of("ACLineSegment")) {
      Section section;
      const auto order = phases_of(*line, section);
      const double length = line->number_or("Conductor.length", 0);
      const auto* per_length = objects_.find(line->text("ACLineSegment.PerLengthImpedance"));
      if (per_length && per_length->type == "PerLengthPhaseImpedance")
        by_matrix(*per_length, order, length, section);
      else if (per_length)
        by_sequence(*per_length, "PerLengthSequenceImpedance.", length, section);
      else
        by_sequence(*line, "ACLineSegment.", 1, section);
      add(*line, section);
    }
  }

 private:
  /// Phase by matrix row. Without phases of its own a line has all three.
  std::vector<int> phases_of(const CimObject& line, Section& section) const {
    auto parts = objects_.referring("ACLineSegmentPhase", "ACLineSegmentPhase.ACLineSegment", line.id);
    std::ranges::stable_sort(parts, {},
                             [](const CimObject* p) { return p->number_or("ACLineSegmentPhase.sequenceNumber", 0); });
    std::vector<int> order;
    for (const auto* part : parts)
      if (const int phase = cim_phase(part->text("ACLineSegmentPhase.phase")); phase >= 0) order.push_back(phase);
    if (order.empty()) order = {0, 1, 2};
    for (const int phase : order) section.has[phase] = true;
    return order;
  }

  void by_matrix(const CimObject& code, const std::vector<int>& order, double length, Section& s) const {
    for (const auto* cell : objects_.referring("PhaseImpedanceData", "PhaseImpedanceData.PhaseImpedance", code.id)) {
      const auto row = static_cast<std::size_t>(cell->number_or("PhaseImpedanceData.row", 0));
      const auto column = static_cast<std::size_t>(cell->number_or("PhaseImpedanceData.column", 0));
      if (row < 1 || column < 1 || row > order.size() || column > order.size()) continue;  // a code for more conductors
      const int p = order[row - 1], q = order[column - 1];
      s.z[p][q] = s.z[q][p] =
          Complex(cell->number_or("PhaseImpedanceData.r", 0), cell->number_or("PhaseImpedanceData.x", 0)) * length;
      s.y[p][q] = s.y[q][p] =
          Complex(cell->number_or("PhaseImpedanceData.g", 0), cell->number_or("PhaseImpedanceData.b", 0)) * length;
    }
  }

  static void by_sequence(const CimObject& from, const std::string& prefix, double length, Section& s) {
    const auto value = [&](const char* name, double otherwise) {
      return from.number_or(prefix + name, otherwise) * length;
    };
    const Complex z1(value("r", 0), value("x", 0)), y1(value("gch", 0), value("bch", 0));
    const Complex z0(value("r0", z1.real() / length), value("x0", z1.imag() / length));
    const Complex y0(value("g0ch", y1.real() / length), value("b0ch", y1.imag() / length));
    const Matrix3 z = symmetric(z1, z0), y = symmetric(y1, y0);
    for (int p = 0; p < 3; ++p)
      for (int q = 0; q < 3; ++q)
        if (s.has[p] && s.has[q]) {
          s.z[p][q] = z[3 * p + q];
          s.y[p][q] = y[3 * p + q];
        }
  }

  void add(const CimObject& line, Section s) {
    const Row from = node_of_(line, 1), to = node_of_(line, 2);
    if (from == to) bad_value(line.place(), "线路两端是同一节点", "both ends of the line are the same node");
    if (s.has[3] && s.z[3][3] != 0.0) fold_neutral(s.z);
    const double kv = network_.nodes.rated_kv[from];
    const double ohm = kv * kv / network_.base_mva;
    Matrix3 z{}, y{};
    std::uint8_t phases = 0;
    Complex own = 0, mutual = 0;
    double count = 0, pairs = 0;
    for (int p = 0; p < 3; ++p) {
      if (!s.has[p]) {
        z[4 * p] = 1;  // taken out again below
        continue;
      }
      phases |= static_cast<std::uint8_t>(1 << p);
      for (int q = 0; q < 3; ++q) {
        if (!s.has[q]) continue;
        z[3 * p + q] = s.z[p][q] / ohm;
        y[3 * p + q] = s.y[p][q] * ohm / 2.0;
        (p == q ? own : mutual) += z[3 * p + q];
        (p == q ? count : pairs) += 1;
      }
    }
    if (count == 0) bad_value(line.place(), "线路没有相导线", "the line has no phase conductor");
    const Complex z1 = own / count - (pairs == 0 ? 0.0 : mutual / pairs);
    const Complex y1 = positive_sequence(y) * 3.0 / count;
    const std::string name = line.name();
    const Row b = network_.add_branch(std::string_view(name), from, to, BranchKind::line, z1, y1);
    network_.branches.phases[b] = phases;
    for (int p = 0; p < 3; ++p)
      if (s.has[p] && z[4 * p] == 0.0) {  // a line without impedance joins its ends
        network_.branches.z[b] = 0;
        return;
      }
    PhasePort port = line_port(z, y);
    for (int p = 0; p < 3; ++p)
      if (!s.has[p])
        for (auto* m : {&port.ff, &port.ft, &port.tf, &port.tt, &port.ff_alone, &port.tt_alone}) (*m)[4 * p] = 0;
    network_.branches.phase_port[b] = static_cast<Row>(network_.phase_ports.size());
    network_.phase_ports.push_back(port);
  }

  const CimObjects& objects_;
  const NodeOfEquipment& node_of_;
  Network& network_;
};

}  // namespace

int cim_phase(std::string_view value) {
  const auto dot = value.find_last_of('.');
  const auto phase = dot == value.npos ? value : value.substr(dot + 1);
  if (phase == "A" || phase == "s1") return 0;
  if (phase == "B" || phase == "s2") return 1;
  if (phase == "C") return 2;
  return phase == "N" ? 3 : -1;
}

void read_cim_lines(const CimObjects& objects, const NodeOfEquipment& node_of, Network& network) {
  Lines(objects, node_of, network).read();
}

}  // namespace tongdian::grid
