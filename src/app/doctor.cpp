#include "app/doctor.hpp"

#include <algorithm>

#include "base/time_text.hpp"

namespace tongdian::app {
namespace {

constexpr std::uint64_t mb = 1 << 20;

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes / mb) + " MB"; }

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

}  // namespace

json::Object to_json(const Finding& f) {
  const auto sentence = [](const Sentence& s) { return json::Object{{"zh", s.zh}, {"en", s.en}}; };
  json::Object out{{"check", f.check}, {"level", name_of(f.level)}, {"detail", sentence(f.detail)}};
  if (!f.next.en.empty()) out["next"] = sentence(f.next);
  if (!f.values.empty()) out["values"] = f.values;
  return out;
}

Level worst_of(const std::vector<Finding>& findings) {
  Level worst = Level::ok;
  for (const auto& f : findings) worst = std::max(worst, f.level);
  return worst;
}

Finding judge_space(const DiskSpace& disk) {
  Finding f{"disk", Level::ok, {"可用 " + megabytes(disk.free), megabytes(disk.free) + " free"}};
  f.values = {{"free_bytes", disk.free}, {"database_bytes", disk.database}};
  if (disk.free < 256 * mb) {
    f.level = Level::fail;
    f.next = {"立即腾出空间或扩容：写满后新操作会被拒绝，已确认的不会丢失",
              "make room now: on a full disk new commands are refused; nothing acknowledged is lost"};
  } else if (disk.free < std::max<std::uint64_t>(2048 * mb, disk.database / 2)) {
    f.level = Level::warn;
    f.next = {"安排扩容；备份请放在另一块磁盘", "plan for more space; keep backups on another disk"};
  }
  return f;
}

Finding judge_flush(std::chrono::microseconds median) {
  const auto us = median.count();
  const std::string ms = us < 1000 ? std::to_string(us) + " µs" : std::to_string(us / 1000) + " ms";
  Finding f{"flush", Level::ok, {"落盘一次约 " + ms, "a flush takes about " + ms}};
  f.values = {{"flush_us", us}};
  if (us > 50'000) {
    f.level = Level::warn;
    f.next = {"每次确认都要等落盘：请改用固态盘，或检查虚拟机磁盘缓存设置",
              "every acknowledgement waits for a flush: use a solid-state disk, or look at the virtual disk's cache"};
  }
  return f;
}

Finding judge_clock(Instant now, Instant last_recorded, std::optional<bool> synchronised) {
  Finding f{"clock", Level::ok, {"时钟正常", "the clock is right"}};
  f.values = {{"now", format_utc(now)}, {"journal_last", format_utc(last_recorded)}};
  if (synchronised) f.values["ntp_synchronised"] = *synchronised;
  const Sentence mend{"启用时间同步：timedatectl set-ntp true",
                      "turn on time synchronisation: timedatectl set-ntp true"};
  if (now + std::chrono::seconds(2) < last_recorded) {
    const auto behind = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(last_recorded - now).count());
    f.level = Level::fail;
    f.detail = {"时钟比日志晚 " + behind + " 秒，新操作会被拒绝",
                "the clock is " + behind + " s behind the journal; commands are refused until it has caught up"};
    f.next = mend;
  } else if (synchronised && !*synchronised) {
    f.level = Level::warn;
    f.detail = {"时钟未与时间服务器同步", "the clock is not synchronised with a time server"};
    f.next = mend;
  } else if (!synchronised) {
    f.detail = {"时钟不早于日志；同步状态未知",
                "the clock is not behind the journal; whether it is synchronised is not known"};
  }
  return f;
}

Finding judge_calendar(LocalDate today, LocalDate last_day, std::uint64_t waiting) {
  const auto left = (last_day - today).count();
  const std::string until = format_date(last_day);
  Finding f{"calendar",
            Level::ok,
            {"日历到 " + until + "，还有 " + std::to_string(left) + " 天",
             "the calendar reaches to " + until + ", " + std::to_string(left) + " days from today"}};
  f.values = {{"until", until}, {"days_left", left}, {"cases_waiting", waiting}};
  const Sentence mend{
      "载入国务院公布的放假安排：tongdian calendar load FILE，不必重启",
      "load the days off that the State Council has published: tongdian calendar load FILE, no restart"};
  if (waiting > 0 || left < 0) {
    f.level = Level::fail;
    f.detail = {std::to_string(waiting) + " 件的到期日超出日历（至 " + until + "），期限无法计算",
                std::to_string(waiting) + " cases are due beyond the calendar (until " + until +
                    "); their deadlines cannot be counted"};
    f.next = mend;
  } else if (left < 60) {
    f.level = Level::warn;
    f.next = mend;
  }
  return f;
}

Finding judge_schema(int present, int known) {
  const std::string numbers = std::to_string(present) + "/" + std::to_string(known);
  Finding f{"schema", Level::ok, {"数据结构版本 " + numbers, "schema " + numbers + ", program " + TONGDIAN_VERSION}};
  f.values = {{"schema", present}, {"schema_of_program", known}, {"program", TONGDIAN_VERSION}};
  if (present > known) {
    f.level = Level::fail;
    f.next = {"数据由更新版本建立，请使用该版本或更新的版本",
              "the data were made by a newer program: use that one or a later one"};
  } else if (present < known) {
    f.level = Level::warn;
    f.next = {"下次启动会升级数据：先做备份", "the next start brings the data up to date: make a backup first"};
  }
  return f;
}

Finding judge_pack(const std::string& loaded, const std::string& last_used) {
  Finding f{"pack", Level::ok, {"政策包 " + loaded, "pack " + loaded}};
  f.values = {{"pack", loaded}, {"pack_of_last_event", last_used}};
  if (!last_used.empty() && last_used != loaded) {
    f.level = Level::warn;
    f.detail = {"政策包为 " + loaded + "，最近一次操作用的是 " + last_used,
                "the pack is " + loaded + ", the last event was decided under " + last_used};
    f.next = {"如果不是有意更换，请检查 --pack", "unless it was changed on purpose, look at --pack"};
  }
  return f;
}

Finding judge_log(std::uint64_t wal_bytes) {
  Finding f{"log", Level::ok, {"预写日志 " + megabytes(wal_bytes), "the write-ahead log has " + megabytes(wal_bytes)}};
  f.values = {{"wal_bytes", wal_bytes}};
  if (wal_bytes > 1024 * mb) {
    f.level = Level::warn;
    f.next = {"有读取者长期不结束（卡住的备份？）；结束它后日志会收回",
              "a reader does not end (a backup that hangs?); once it does the log is cut back"};
  }
  return f;
}

Finding judge_backup(Instant now, std::optional<Instant> last) {
  Finding f{"backup", Level::ok, {"", ""}};
  const Sentence mend{"每天备份一次：tongdian backup --data DATA --to FILE --keys-to DIR",
                      "back up every day: tongdian backup --data DATA --to FILE --keys-to DIR"};
  if (!last) {
    f.level = Level::warn;
    f.detail = {"没有备份记录", "no backup is known of"};
    f.next = mend;
    return f;
  }
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(now - *last).count();
  f.values = {{"last_backup", format_utc(*last)}, {"hours", hours}};
  f.detail = {"上次备份在 " + std::to_string(hours) + " 小时前",
              "the last backup is " + std::to_string(hours) + " h old"};
  if (hours > 26) {
    f.level = Level::warn;
    f.next = mend;
  }
  return f;
}

Finding judge_keys(const KeysSeen& k) {
  Finding f{"keys", Level::ok, {"密钥齐全，与日志相符", "the keys are there, closed to others, and are the journal's"}};
  f.values = {{"missing", json::write(k.missing)}, {"readable", json::write(k.readable)}};
  if (!k.missing.empty()) {
    f.level = Level::fail;
    f.detail = {"缺少密钥 " + joined(k.missing), "missing: " + joined(k.missing)};
    f.next = {"从密钥备份放回 keys 目录，权限 0600；不要新建",
              "put them back from the copy of the keys, mode 0600; never make new ones"};
  } else if (!k.opens || !k.signs) {
    f.level = Level::fail;
    f.detail = {"密钥不属于这份数据", "the keys are not these data's"};
    f.next = {"放回这份数据的密钥", "put these data's keys back"};
  } else if (!k.readable.empty()) {
    f.level = Level::fail;
    f.detail = {"他人可读：" + joined(k.readable), "others may read " + joined(k.readable)};
    f.next = {"chmod 700 keys，chmod 600 keys/*", "chmod 700 keys, chmod 600 keys/*"};
  }
  return f;
}

}  // namespace tongdian::app
