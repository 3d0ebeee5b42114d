// Papers as files: begun, sent part by part, handed in, looked at. A part is on disk before it is answered, so that a cut
// connection costs one part: the answer of the file says from where to go on.
#include "connection/papers.hpp"

#include <algorithm>

#include "journal/vault_files.hpp"
#include "journeys/city.hpp"
#include "wire/body.hpp"

namespace tongdian::journeys {
namespace {

/// Of the file, before base64: with its JSON a part stays below the limit of a body.
constexpr std::size_t part_size = 36 << 10;
constexpr std::size_t most_unfinished = 10;
constexpr auto kept_unfinished = std::chrono::hours(24);

struct Beginning {
  std::string document, type;
  std::int64_t size = 0;
};
struct Part {
  std::int64_t offset = 0;
  std::string bytes;  ///< base64
};
BOOST_DESCRIBE_STRUCT(Beginning, (), (document, type, size))
BOOST_DESCRIBE_STRUCT(Part, (), (offset, bytes))

Problem no_such_file() {
  return refusal("paper.not_found",
                 {"没有这个文件，或已随个人信息删除", "there is no such file, or it went with the person's data"},
                 {"请重新选择文件上传", "choose the file again and send it"});
}

Problem wrong_type(std::string_view path, const Sentence& what) {
  Problem p = refusal(
      "paper.wrong_type", what,
      {"请上传 PDF、JPEG、PNG 或 HEIC 文件；手机拍照即可", "send a PDF, JPEG, PNG or HEIC; a phone's photo will do"});
  p.path = path;
  return p;
}

bool attached(const connection::CaseState& state, std::string_view file) {
  return std::ranges::find(state.papers, file, &connection::Paper::file) != state.papers.end();
}

struct Asked {
  Found found;
  Reach reach;
};
/// The case, where it is theirs.
std::optional<Asked> case_of(const City& city, const wire::Request& request) {
  auto reader = city.database.reader();
  auto found = find(*reader, request.parameter("number"));
  if (!found) return {};
  const auto reach = reach_of(city, *reader, request.principal, found->row);
  if (!reach) return {};
  return Asked{*std::move(found), *reach};
}

wire::Response progress(const journal::VaultFile& file, bool is_attached, wire::Status status = wire::Status::ok) {
  auto response = wire::json_response(json::Object{{"id", file.id},
                                                   {"document", file.document},
                                                   {"type", file.type},
                                                   {"size", file.size},
                                                   {"received", file.received},
                                                   {"part_size", part_size},
                                                   {"attached", is_attached}},
                                      status);
  response.headers.set("Upload-Offset", std::to_string(file.received));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

std::optional<Problem> unfit(const Beginning& b) {
  if (!connection::known_paper_type(b.type))
    return wrong_type("/type", {"不接受这种文件", "files of this type are not taken"});
  if (b.size >= 1 && b.size <= connection::largest_paper) return {};
  Problem p = refusal(
      "paper.wrong_size", {"文件大小应在 1 字节到 10 MB 之间", "a file has from 1 byte to 10 MB"},
      {"请降低照片或扫描的清晰度，或分成几个文件", "take the picture or scan at a lower resolution, or split it"});
  p.path = "/size";
  return p;
}

/// Room for another: what was begun and left for a day goes.
std::optional<Problem> crowded(City& city, const Found& found, std::string_view id) {
  std::size_t unfinished = 0;
  std::vector<std::string> old;
  {
    auto reader = city.database.reader();
    for (const auto& file : journal::files_of(*reader, found.row.stream)) {
      if (attached(found.folded.state, file.id) || file.id == id) continue;
      if (city.clock.now() - file.touched_at > kept_unfinished)
        old.push_back(file.id);
      else
        ++unfinished;
    }
  }
  if (!old.empty())
    city.engine.write([&](store::Session& writer) {
      for (const auto& each : old) journal::forget_file(writer, each);
    });
  if (unfinished < most_unfinished) return {};
  return refusal("paper.enough", {"没有传完的文件太多", "too many files were begun and not finished"},
                 {"请先传完已开始的文件，或明天再试", "finish those that were begun, or try again tomorrow"});
}

Result<wire::Response> begin(City& city, const wire::Request& request) {
  const auto key = wire::idempotency_key(request);
  if (!key) return key.error();
  const auto body = wire::read_body<Beginning>(request);
  if (!body) return body.error();
  const auto asked = case_of(city, request);
  if (!asked) return not_found();
  if (auto problem = unfit(*body)) return *std::move(problem);
  const auto& found = asked->found;
  journal::VaultFile file;
  // The same key is the same file, after a lost answer and after the page was closed.
  file.id = to_hex(city.vault.tag("file", found.row.number + "/" + *key)).substr(0, 32);
  file.owner = found.row.stream;
  file.document = body->document;
  file.type = body->type;
  file.size = body->size;
  file.touched_at = city.clock.now();
  if (!attached(found.folded.state, file.id)) {
    if (auto problem = connection::paper_objection(found.folded.state, file.document, city.pack(), "/document"))
      return *std::move(problem);
    if (auto problem = crowded(city, found, file.id)) return *std::move(problem);
    if (!journal::file_key(city.vault, *city.database.reader(), file.owner, file.id)) return no_such_file();
    city.engine.write([&](store::Session& writer) { journal::begin_file(writer, file); });
  }
  const auto there = journal::find_file(*city.database.reader(), file.owner, file.id);
  if (!there) return no_such_file();
  if (there->document != file.document || there->type != file.type || there->size != file.size)
    return refusal("engine.key_reused", {"该幂等键已用于另一操作", "this idempotency key was used for something else"},
                   {"请使用新的键", "use a new key"});
  return progress(*there, attached(found.folded.state, file.id), wire::Status::created);
}

Result<Bytes> bytes_of_part(const Part& part, const journal::VaultFile& file) {
  auto bytes = from_base64(part.bytes);
  const auto left = static_cast<std::size_t>(file.size - file.received);
  if (bytes && !bytes->empty() && bytes->size() <= std::min(part_size, left)) return *std::move(bytes);
  Problem p =
      refusal("paper.bad_part",
              {"这一段无法读取，或超出文件大小", "the part cannot be read, or goes beyond the size that was said"},
              {"请重新选择文件上传", "choose the file again and send it"});
  p.path = "/bytes";
  return p;
}

Result<wire::Response> go_on(City& city, const wire::Request& request) {
  const auto body = wire::read_body<Part>(request);
  if (!body) return body.error();
  const auto asked = case_of(city, request);
  if (!asked) return not_found();
  const auto owner = asked->found.row.stream;
  const auto& state = asked->found.folded.state;
  std::optional<journal::VaultFile> file;
  std::optional<Hash> key;
  {
    auto reader = city.database.reader();
    file = journal::find_file(*reader, owner, request.parameter("file"));
    if (file) key = journal::file_key(city.vault, *reader, owner, file->id);
  }
  if (!file || !key) return no_such_file();
  // A part that is there already, or one too early: nothing is written, the answer says from where to go on.
  if (body->offset != file->received || file->complete()) return progress(*file, attached(state, file->id));
  const auto bytes = bytes_of_part(*body, *file);
  if (!bytes) return bytes.error();
  if (file->received == 0 && connection::paper_type(*bytes) != file->type) {
    city.engine.write([&](store::Session& writer) { journal::forget_file(writer, file->id); });
    return wrong_type("/bytes", {"文件内容与它的类型不符", "the file is not what its type says"});
  }
  const Bytes sealed = journal::seal_part(*key, file->received, *bytes, city.random);
  city.engine.write([&](store::Session& writer) {
    const auto now = journal::find_file(writer, owner, file->id);
    // Two tabs may send the same part; the first one counts.
    if (now && now->received == file->received)
      journal::add_part(writer, *now, sealed, static_cast<std::int64_t>(bytes->size()), city.clock.now());
  });
  file = journal::find_file(*city.database.reader(), owner, file->id);
  if (!file) return no_such_file();
  return progress(*file, false);
}

Result<wire::Response> state_of(City& city, const wire::Request& request) {
  const auto asked = case_of(city, request);
  if (!asked) return not_found();
  const auto file = journal::find_file(*city.database.reader(), asked->found.row.stream, request.parameter("file"));
  if (!file) return no_such_file();
  return progress(*file, attached(asked->found.folded.state, file->id));
}

/// What the event says of the file, read back from the vault.
Result<connection::AttachFile> whole_file(City& city, std::int64_t owner, std::string_view id) {
  auto reader = city.database.reader();
  const auto file = journal::find_file(*reader, owner, id);
  const auto key = journal::file_key(city.vault, *reader, owner, id);
  if (!file || !key) return no_such_file();
  if (!file->complete())
    return refusal("paper.unfinished", {"文件还没有传完", "the file is not there as a whole yet"},
                   {"请接着上传", "go on sending it"});
  const Bytes content = journal::open_file(*reader, *file, *key);
  const Hash salt = journal::file_salt(*key);
  return connection::AttachFile{file->document, file->id, file->type, file->size, to_hex(sha256({salt, content}))};
}

void attach(City& city, const wire::RequestPtr& request, const wire::Reply& reply) {
  if (const auto key = wire::idempotency_key(*request); !key) return reply(key.error());
  const auto asked = case_of(city, *request);
  if (!asked) return reply(not_found());
  const std::string id(request->parameter("file"));
  auto read = whole_file(city, asked->found.row.stream, id);
  if (!read) return reply(read.error());
  city.engine.write([&](store::Session& writer) { journal::touch_file(writer, id, city.clock.now()); });
  engine::Command c;
  // One file is handed in once, whoever asks for it how often.
  c.id = "file:" + id;
  c.stream = "case/" + asked->found.row.number;
  c.actor = actor_of(request->principal, asked->reach);
  c.channel = request->principal.kind == wire::Principal::Kind::customer ? "online" : "desk";
  c.fingerprint = read->digest.substr(0, 16);
  c.body = std::make_shared<connection::Command>(*std::move(read));
  city.engine.submit(std::move(c), [&city, request, reply](const engine::Answer& answer) {
    if (!answer) return reply(answer.error());
    city.workers.answer(reply, [&city, request, reply] {
      auto reader = city.database.reader();
      const auto found = find(*reader, request->parameter("number"));
      if (!found) return reply.internal_error();
      reply(wire::json_response(json::Object{{"case", case_for(city, *reader, *found, request->principal)}}));
    });
  });
}

std::string file_name(const std::string& number, const connection::Paper& paper) {
  const auto slash = paper.type.find('/');
  return number + "-" + paper.document + "-" + paper.file.substr(0, 6) + "." + paper.type.substr(slash + 1);
}

Result<wire::Response> content(City& city, const wire::Request& request) {
  const auto asked = case_of(city, request);
  if (!asked) return not_found();
  // As with the copy of the data: what a person handed in is theirs to look at, not their agent's.
  if (asked->reach.by == Reach::By::grant)
    return refusal("identity.forbidden",
                   {"材料文件只给本人和办理人员查看", "the file is for the person and who handles the case"},
                   {"请由本人登录后查看", "let them sign in themselves"});
  const auto owner = asked->found.row.stream;
  const auto& papers = asked->found.folded.state.papers;
  const auto paper = std::ranges::find(papers, request.parameter("file"), &connection::Paper::file);
  if (paper == papers.end()) return no_such_file();
  // On disk before the bytes leave: the person sees who has looked.
  if (request.principal.kind == wire::Principal::Kind::staff)
    city.engine.write([&](store::Session& writer) {
      const Instant now = city.clock.now();
      journal::note_read(writer, owner, request.principal.user, city.pack().zone().date_of(now), now);
    });
  auto reader = city.database.reader();
  const auto file = journal::find_file(*reader, owner, paper->file);
  const auto key = journal::file_key(city.vault, *reader, owner, paper->file);
  if (!file || !key) return no_such_file();
  wire::Response response{.content_type = "application/octet-stream",
                          .body = std::string(text_of(journal::open_file(*reader, *file, *key)))};
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Content-Disposition",
                       "attachment; filename=\"" + file_name(asked->found.row.number, *paper) + "\"");
  return response;
}

using Handle = Result<wire::Response> (*)(City&, const wire::Request&);

/// They read and write the disk: not on the network's threads.
wire::Handler at_work(City& city, Handle handle) {
  return [&city, handle](const wire::RequestPtr& request, const wire::Reply& reply) {
    city.workers.answer(reply, [&city, handle, request, reply] { reply(handle(city, *request)); });
  };
}

}  // namespace

void add_papers(wire::Router& router, City& city) {
  const auto those = [] { return wire::Access::staff({wire::Role::clerk, wire::Role::manager}).or_case_customer(); };
  const std::string files = "/api/v1/cases/{number}/files";
  router.post(files, those(), at_work(city, begin));
  router.get(files + "/{file}", those(), at_work(city, state_of));
  router.put(files + "/{file}", those(), at_work(city, go_on));
  router.post(files + "/{file}/attach", those(), [&city](const wire::RequestPtr& request, const wire::Reply& reply) {
    city.workers.answer(reply, [&city, request, reply] { attach(city, request, reply); });
  });
  router.get(files + "/{file}/content", those(), at_work(city, content));
}

}  // namespace tongdian::journeys
