#include "config/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <istream>
#include <streambuf>
#include <utility>

#include "config/source.h"
#include "config/tree_builder.h"

namespace actlab {
namespace {

// Hands the text to yaml-cpp piece by piece. Its scanner holds back all tokens of an unfinished flow
// collection, so a megabyte of `[` would be scanned whole, for a second and 400 MB, before the first event
// shows how deep it is.
class WatchedText : public std::streambuf {
 public:
  explicit WatchedText(std::string_view text) : text_(text) {
    setg(text_.data(), text_.data(), text_.data() + text_.size());
  }

  void note_event() { last_event_ = gptr() - eback(); }

 protected:
  std::streamsize xsgetn(char* to, std::streamsize count) override {
    if (gptr() - eback() - last_event_ > static_cast<std::ptrdiff_t>(kMaxConfigSilentBytes)) {
      throw Error(ExitStatus::kUsage,
                  "after this, " + std::to_string(kMaxConfigSilentBytes / 1024) +
                      " KiB of text without a value; a config has shorter texts and lists");
    }
    return std::streambuf::xsgetn(to, count);
  }

 private:
  std::string text_;
  std::ptrdiff_t last_event_ = 0;
};

Place place_of(const YAML::Mark& mark) {
  return {.offset = static_cast<size_t>(mark.pos), .line = mark.line + 1, .column = mark.column + 1};
}

// Passes yaml-cpp's events on.
class Events : public YAML::EventHandler {
 public:
  using Mark = YAML::Mark;
  using Style = YAML::EmitterStyle::value;

  Events(const ConfigText& source, WatchedText& input, TreeBuilder& builder)
      : source_(source), input_(input), builder_(builder) {}

  void OnDocumentStart(const Mark& mark) override { builder_.begin_document(note(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const Mark& mark, YAML::anchor_t) override { builder_.add_nothing(note(mark)); }
  void OnAlias(const Mark& mark, YAML::anchor_t) override { builder_.add_alias(note(mark)); }
  void OnAnchor(const Mark& mark, const std::string&) override { builder_.anchor(note(mark)); }
  void OnScalar(const Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& text) override {
    builder_.add_scalar(note(mark, tag), text, tag != "?");
  }
  void OnSequenceStart(const Mark& mark, const std::string& tag, YAML::anchor_t, Style) override {
    builder_.open(note(mark, tag), Node::Kind::kList);
  }
  void OnSequenceEnd() override { builder_.close(); }
  void OnMapStart(const Mark& mark, const std::string& tag, YAML::anchor_t, Style) override {
    builder_.open(note(mark, tag), Node::Kind::kMap);
  }
  void OnMapEnd() override { builder_.close(); }

 private:
  // yaml-cpp gives every node a tag: ? when plain, ! when quoted. A written one begins at the node's mark;
  // the tag alone would not tell `! 5`, `!<!> 5` and `!<?> 5` from those.
  Place note(const Mark& mark, const std::string& tag = "?") {
    input_.note_event();
    const Place place = place_of(mark);
    const bool written = place.offset < source_.text.size() && source_.text[place.offset] == '!';
    if (written || (tag != "?" && tag != "!")) builder_.tag(place);
    return place;
  }

  const ConfigText& source_;
  WatchedText& input_;
  TreeBuilder& builder_;
};

// yaml-cpp names what its parser was looking for; a user needs to know what to do.
std::string explain(const std::string& message) {
  namespace Msg = YAML::ErrorMsg;
  static const std::array<std::pair<std::string_view, const char*>, 14> table = {{
      {Msg::END_OF_MAP_FLOW, "expected ',' or '}' here: a '{' is not closed, or a text in it needs quotes"},
      {Msg::END_OF_MAP, "expected 'key: value' here: check indentation and quotes"},
      {Msg::END_OF_SEQ_FLOW, "expected ',' or ']' here: a '[' is not closed, or a text in it needs quotes"},
      {Msg::END_OF_SEQ, "expected '- item' here: check the indentation"},
      {Msg::MAP_VALUE, "a second ': ' in one value: quote the text, or put a map in braces"},
      {Msg::BLOCK_ENTRY, "a '- item' cannot stand here: put lists on lines of their own, or in brackets"},
      {Msg::EOF_IN_SCALAR, "a quote is not closed"},
      {Msg::UNKNOWN_TOKEN, "this character cannot begin a value: quote the text"},
      {Msg::FLOW_END, "a bracket that closes nothing"},
      {Msg::TAB_IN_INDENTATION, "a tab in the indentation: use spaces"},
      {Msg::UNKNOWN_ANCHOR, "aliases (*) are not allowed; quote a text that begins with *"},
      {Msg::ALIAS_NOT_FOUND, "aliases (*) are not allowed; quote a text that begins with *"},
      {Msg::ANCHOR_NOT_FOUND, "anchors (&) are not allowed; quote a text that begins with &"},
      {Msg::TAG_WITH_NO_SUFFIX, "tags (!) are not allowed; quote a text that begins with !"},
  }};
  for (const auto& [theirs, ours] : table) {
    if (message.starts_with(theirs)) return ours;
  }
  return "not valid YAML: " + message;
}

// yaml-cpp's own column is 0 at the end of the text.
Place place_at(const ConfigText& source, const YAML::Mark& mark) {
  const std::string_view before = source.text.substr(0, static_cast<size_t>(std::max(mark.pos, 0)));
  const size_t newline = before.rfind('\n');
  const size_t line_start = newline == std::string_view::npos ? 0 : newline + 1;
  return {.offset = before.size(),
          .line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
          .column = static_cast<int>(before.size() - line_start) + 1};
}

// Null, with what was wrong in `problems`, when nothing usable could be read.
Node parse(const ConfigText& source, Problems& problems) {
  WatchedText text(source.text);
  std::istream stream(&text);
  Problems found;
  TreeBuilder builder(source, found);
  Events events(source, text, builder);
  const auto report = [&](const Place& place, std::string message) {
    if (source.file.empty())
      message += " (at character " + std::to_string(place.offset + 1) + " of the value)";
    problems.add(source.at(place.line, place.column), source.key, message);
  };
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
    problems.add(found);
    return builder.take_root();
  } catch (const Error& error) {
    problems.add(found);
    report(builder.last_place(), error.what());
  } catch (const YAML::Exception& error) {
    // What was found before is dropped: yaml-cpp makes up values that are not there on its way to a syntax
    // error.
    report(error.mark.is_null() ? builder.last_place() : place_at(source, error.mark), explain(error.msg));
  }
  return {};
}

// Null when there were mistakes, and then says no more; says when there is nothing to read.
Node parse_checked(const ConfigText& source, Problems& problems, const std::string& when_empty) {
  if (source.text.size() > kMaxConfigBytes) {
    problems.add(source.at(0, 0), source.key, "larger than 1 MiB; a config is a small text file");
    return {};
  }
  if (const auto flaw = find_flaw(source.text)) {
    problems.add(source.at(flaw->line, flaw->column), source.key, flaw->message);
    return {};
  }
  const size_t before = problems.size();
  Node root = parse(source, problems);
  if (root.is_null() && problems.size() == before) problems.add(source.at(1, 1), source.key, when_empty);
  return root;
}

// What YAML would read and drop of a value on the command line, where nobody writes comments or leaves a list
// unfinished, but a '#' belongs to a name and a shell variable may be empty. Empty when nothing.
std::string loss_in(std::string_view text) {
  char quote = 0;
  char before = ' ';       // the character before
  char significant = ':';  // the last one that is no space
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n';
    if (quote != 0) {
      if (c == quote && before != '\\') quote = 0;
    } else if ((c == '\'' || c == '"') &&
               std::string_view(":,[{").find(significant) != std::string_view::npos) {
      quote = c;
    } else if (c == '#' && (before == ' ' || before == '\t' || before == '\n')) {
      return "a '#' after a space begins a comment in YAML: quote the text that it belongs to";
    } else if ((c == ']' || c == '}') && significant == ',') {
      return "an item of the list is empty: is a variable of your shell not set?";
    }
    if (!space) significant = c;
    before = c;
  }
  return "";
}

}  // namespace

Node parse_yaml(std::string_view text, const std::string& name, Problems& problems) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Node root = parse_checked({text, name, ""}, problems, "the config is empty");
  if (root.is_null() || root.is_map()) return root;
  problems.add(root.where, "", "a config is a map: lines of 'key: value'");
  return {};
}

Node parse_yaml_value(std::string_view text, Problems& problems, const std::string& key) {
  Problems found;
  Node node = parse_checked({text, "", key}, found, "has no value after '='; an empty text is written ''");
  const bool readable = text.size() <= kMaxConfigBytes && !find_flaw(text);
  const bool plain = node.is_scalar() && !node.quoted && found.empty();
  if (readable && (plain || text.substr(0, 1) == "#")) {
    // YAML ends a plain text at a comment, trims and folds it; who types it means it.
    Node whole = Node::scalar(std::string(text));
    whole.where = node.where;
    return whole;
  }
  if (text == "~") {
    problems.add({}, key, "~ alone means nothing in YAML; the home folder is ~/");
    return {};
  }
  const std::string loss = loss_in(text);
  if (readable && !loss.empty()) {
    problems.add({}, key, loss);
    return {};
  }
  problems.add(found);
  return node;
}

}  // namespace actlab
