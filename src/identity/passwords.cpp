#include "identity/passwords.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace tongdian::identity {
namespace {

constexpr std::size_t shortest = 10, longest_bytes = 200;
constexpr std::size_t longest_line = 1024;

// Ours, of what people here choose when ten characters are asked for; shorter ones are refused anyway. Lower case.
constexpr std::string_view own_list[] = {
    "1q2w3e4r5t",       "1qaz2wsx3edc",
    "1q2w3e4r5t6y",     "qwer123456",
    "qwerty1234",       "qwerty12345",
    "qwerty123456",     "asdf123456",
    "asdfgh1234",       "zxcvbnm123",
    "zxcv123456",       "abcd123456",
    "abc1234567",       "abc123456789",
    "abc123abc123",     "a123456789",
    "a1234567890",      "aa123456789",
    "aa12345678",       "aaa1234567",
    "aaa123456789",     "q123456789",
    "w123456789",       "z123456789",
    "123456789a",       "123456789q",
    "1234567890a",      "123456abcd",
    "123456789abc",     "12345qwert",
    "1234567qwe",       "123qwe123qwe",
    "123321123321",     "1122334455",
    "1234554321",       "1234512345",
    "5201314520",       "52013141314",
    "1314520520",       "13145201314",
    "woaini1314",       "woaini520",
    "woaini5201314",    "woaini123456",
    "woaini1314520",    "woaiwojia1",
    "wodemima123",      "mima123456",
    "mima12345678",     "nihao123456",
    "zhongguo123",      "zhonghua123",
    "beijing2008",      "beijing2022",
    "shandong123",      "yantai1234",
    "yantai12345",      "yantai123456",
    "dianli1234",       "dianli123456",
    "guowang123",       "guojiadianwang",
    "sgcc123456",       "sgcc@123456",
    "sgcc12345678",     "95598@95598",
    "955989559898",     "password12",
    "password123",      "password1234",
    "password12345",    "password123456",
    "passw0rd123",      "p@ssw0rd123",
    "p@ssword123",      "pass123456",
    "pass1234567",      "mypassword",
    "mypassword1",      "letmein123",
    "letmein1234",      "welcome123",
    "welcome1234",      "welcome2021",
    "iloveyou123",      "iloveyou520",
    "iloveyou1314",     "iloveyou12",
    "sunshine123",      "princess123",
    "admin12345",       "admin123456",
    "admin@1234",       "admin@12345",
    "admin@123456",     "admin88888888",
    "administrator",    "administrator1",
    "root123456",       "root@123456",
    "test123456",       "test1234567",
    "testtest123",      "user123456",
    "guest12345",       "system1234",
    "manager123",       "manager1234",
    "supervisor1",      "oracle1234",
    "huawei@123",       "huawei12#$",
    "huawei123456",     "changeme123",
    "changeme1234",     "changeit123",
    "default123",       "secret1234",
    "secret12345",      "football123",
    "baseball123",      "basketball",
    "liverpool1",       "manchester",
    "chelsea123",       "monkey1234",
    "dragon1234",       "shadow1234",
    "master1234",       "superman123",
    "batman1234",       "pokemon123",
    "internet12",       "computer12",
    "computer123",      "qwertyuiop1",
    "qwertyuiop123",    "qazwsxedcrfv",
    "qazwsx123456",     "1qaz@wsx3edc",
    "!qaz2wsx3edc",     "1qazxsw23edc",
    "zaq12wsxcde3",     "zaq1xsw2cde3",
    "qweasdzxc1",       "qweasdzxc123",
    "qweasd123456",     "qwe123456789",
    "qq123456789",      "qq12345678",
    "wx123456789",      "taobao1234",
    "alipay1234",       "weixin1234",
    "88888888aa",       "aa88888888",
    "a888888888",       "66666666aa",
    "aa66666666",       "147258369a",
    "147258369147",     "0147258369",
    "1472583690",       "7894561230",
    "789456123a",       "3692581470",
    "9638527410",       "112233445566",
    "123123123a",       "a123123123",
    "123654789a",       "987654321a",
    "a987654321",       "asd123456789",
    "asdasd123456",     "zxc123456789",
    "correcthorse",     "correct horse battery staple",
    "trustno1trustno1", "spring2021!",
    "summer2021!",      "autumn2021!",
    "winter2021!",      "spring2022!",
    "summer2022!",
};

// Rows that fingers run along, forwards and backwards; a password that is one stretch of them is no secret.
constexpr std::string_view rows[] = {"0123456789012345678901234567890",
                                     "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
                                     "qwertyuiopasdfghjklzxcvbnm"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::uint64_t prefix_of(std::string_view password) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(password.data(), password.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1)
    throw std::runtime_error("SHA-1 fails");
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out = (out << 8) | digest[i];
  return out;
}

/// Of "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8" or the same with ":3730471" behind it.
std::optional<std::uint64_t> prefix_in_hex(std::string_view line) {
  if (line.size() != 40 && !(line.size() > 41 && line[40] == ':')) return {};
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    const char c = line[i];
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c >= 'A' && c <= 'F')) return {};
    if (i < 16) out = (out << 4) | static_cast<std::uint64_t>(digit ? c - '0' : c - 'A' + 10);
  }
  return out;
}

/// "abababababab": a unit of at most four characters, again and again.
bool is_repetition(std::string_view text) {
  for (std::size_t unit = 1; unit <= 4 && unit * 2 <= text.size(); ++unit)
    if (text.substr(unit) == text.substr(0, text.size() - unit)) return true;
  return false;
}

bool is_run(const std::string& text) {
  const std::string backwards(text.rbegin(), text.rend());
  return std::ranges::any_of(rows, [&](std::string_view row) {
    return row.find(text) != std::string_view::npos || row.find(backwards) != std::string_view::npos;
  });
}

bool is_little_but_the_name(const std::string& text, const std::string& user) {
  return !user.empty() && text.find(user) != std::string::npos && text.size() - user.size() < 6;
}

Problem common() {
  return bad_input("identity.common_password", "",
                   {"这个密码太常见，猜的人最先试它", "this password is among the first that anyone tries"},
                   {"请用几个不相干的词连成的短语", "use a phrase of a few words that do not belong together"});
}

}  // namespace

BreachList::BreachList() {
  for (const auto each : own_list) add(each);
  order();
}

void BreachList::add(std::string_view password) { prefixes_.push_back(prefix_of(password)); }

void BreachList::order() {
  std::ranges::sort(prefixes_);
  prefixes_.erase(std::ranges::unique(prefixes_).begin(), prefixes_.end());
}

Result<void> BreachList::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const auto cannot = [&] {
    return failure(
        "identity.breach_list",
        {"无法读取泄露密码表 " + file.string(), "cannot read the list of breached passwords " + file.string()},
        {"请检查 breach_list 所指的文件：每行一个密码或其 SHA-1",
         "check the file that breach_list names: a password or its SHA-1 a line"});
  };
  if (!in) return cannot();
  const std::size_t before = prefixes_.size();
  std::string line;
  while (std::getline(in, line)) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.size() > longest_line) continue;
    if (const auto hashed = prefix_in_hex(line))
      prefixes_.push_back(*hashed);
    else
      add(line);
  }
  if (in.bad() || prefixes_.size() == before) return cannot();
  order();
  return {};
}

bool BreachList::contains(std::string_view password) const {
  return std::ranges::binary_search(prefixes_, prefix_of(password)) ||
         std::ranges::binary_search(prefixes_, prefix_of(lower(password)));
}

std::optional<Problem> password_objection(std::string_view password, std::string_view user,
                                          const BreachList& breached) {
  if (characters(password) < shortest)
    return bad_input("identity.short_password", "", {"密码至少 10 个字符", "a password has at least 10 characters"},
                     {"请使用更长的口令短语", "use a longer phrase"});
  if (password.size() > longest_bytes)
    return bad_input("identity.long_password", "", {"密码最长 200 字节", "a password has at most 200 bytes"},
                     {"请使用短一些的口令短语", "use a shorter phrase"});
  const std::string plain = lower(password);
  if (breached.contains(password) || is_repetition(plain) || is_run(plain) ||
      is_little_but_the_name(plain, lower(user)))
    return common();
  return {};
}

}  // namespace tongdian::identity
