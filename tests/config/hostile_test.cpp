// Texts made to slow down, crash or fill up a YAML parser.
#include <pthread.h>

#include <ctime>
#include <functional>

#include "config/config_support.h"
#include "config/document.h"
#include "config/emit.h"

namespace actlab {
namespace {

#if defined(ACTLAB_SANITIZED)
constexpr double kSlower = 20;
#elif !defined(__OPTIMIZE__)
constexpr double kSlower = 4;
#else
constexpr double kSlower = 1;
#endif

std::string repeated(const std::string& piece, size_t size = kMaxConfigBytes) {
  std::string text = piece;
  while (2 * text.size() <= size) text += text;
  return text.append(text, 0, (size - text.size()) / piece.size() * piece.size());
}

struct Case {
  std::string name;
  std::string text;
};

// Pieces that fill a whole MiB.
const std::vector<std::string>& pieces() {
  static const std::vector<std::string> table = {
      "[",           "{",     "[{",      "{[",      "[[]",      "- ",          "-",
      "- - ",        "[:",    "{:",      "{?",      "[?",       "[? ",         "? ",
      "?",           "? [",   "? {",     ": ",      ":",        ":\n",         "a: ",
      "a:",          "a:\n",  "a: b\n",  "a: b, ",  "{a: ",     "[a: ",        "[a, ",
      "{a, ",        "{a",    "[\"a\":", "\"a\": ", "'a': ",    "[']",         "'",
      "''",          "\"",    "\\",      "\"\\\"",  "\"\n",     "'\n",         "&",
      "&a",          "&a ",   "&a\n",    "&a [",    "[&a ",     "{&a ",        "- &a b\n",
      "a: &a\n",     "*",     "*a",      "*a ",     "*a: ",     "!",           "!a ",
      "!!",          "!<",    "!<a> ",   "[!a ",    "|",        "|\n",         ">\n",
      "> ",          "- |\n", "a: |\n",  "#",       "# c\n",    " #\n",        " ",
      "\t",          " \n",   "\n",      "\r\n",    "\r",       "a",           "a ",
      "a\n",         "a\n\n", "  a\n",   "- a\n",   "- - a: ",  "-\n",         "? a\n",
      "? a\n: b\n",  "[]",    "[],",     "{},",     "[\n",      "{\n",         "]",
      "}",           ",",     "`",       "@",       "%",        "%YAML 1.2\n", "%TAG ! !\n",
      "---\n",       "--- ",  "...\n",   "--- a\n", "\xC3",     "\xC3\xA4",    "\xEF\xBB\xBF",
      "\xFF\xFE",    "<<: ",  "<<: {",   "a: [",    "a: {",     "- [",         "- {",
      "[- ",         "[-",    "{a: [",   "[{a: ",   "x: 'y'\n", "\"\\u0041\"", "\x01",
      "\xE2\x80\xA8"};
  return table;
}

std::vector<Case> shaped() {
  std::vector<Case> cases = {
      {"NUL", std::string(kMaxConfigBytes, '\0')},
      {"UTF-16", "\xFF\xFE" + repeated(std::string("a\0", 2), kMaxConfigBytes - 2)},
      {"one plain scalar", "a: " + repeated("x", 1000000)},
      {"one single-quoted scalar", "a: '" + repeated("x", 1000000) + "'"},
      {"one double-quoted scalar", "a: \"" + repeated("\\n", 1000000) + "\""},
      {"one literal scalar", "a: |\n" + repeated(" x\n", 1000000)},
      {"one folded scalar", "a: >\n" + repeated(" x\n", 1000000)},
      {"one line of a literal scalar", "a: |\n " + repeated("x", 1000000)},
      {"empty lines of a literal scalar", "a: |\n" + repeated("\n", 1000000)},
      {"one key", repeated("x", 1000000) + ": 1"},
      {"one explicit key", "? " + repeated("x", 1000000) + "\n: 1"},
      {"a long list on one line", "a: [" + repeated("1,", 1000000) + "]"},
      {"a long list as a list item", "a:\n- [" + repeated("1,", 1000000) + "]"},
      {"a long list on many lines", "a: [" + repeated("1,\n", 1000000) + "]"},
      {"a long comment in a list", "a: [ #" + repeated("x", 1000000)},
      {"an anchor name of a megabyte", "a: &" + repeated("x", 1000000) + " 1"},
      {"a tag of a megabyte", "a: !" + repeated("x", 1000000) + " 1"},
      {"indentation of a megabyte", "a:\n" + repeated(" ", 1000000) + "b: 1"},
      {"too large", repeated("a", 2 * kMaxConfigBytes)},
  };
  std::string keys, deeper_keys, deeper_items, laughs = "a: &a [x, x]\n";
  for (int i = 0; keys.size() < 1000000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
  for (size_t i = 0; i < 1400; ++i) deeper_keys += std::string(i, ' ') + "a:\n";
  for (size_t i = 0; i < 1400; ++i) deeper_items += std::string(i, ' ') + "-\n";
  for (char c = 'b'; c <= 'z'; ++c)
    laughs += std::string{c, ':', ' ', '&', c, ' '} + "[*" + char(c - 1) + ", *" + char(c - 1) + "]\n";
  cases.push_back({"a hundred thousand keys", keys});
  cases.push_back({"deeper and deeper keys", deeper_keys});
  cases.push_back({"deeper and deeper items", deeper_items});
  cases.push_back({"a billion laughs", laughs});
  return cases;
}

std::vector<Case> hostile_cases() {
  std::vector<Case> cases = shaped();
  for (const auto& piece : pieces()) cases.push_back({"a MiB of '" + piece + "'", repeated(piece)});
  return cases;
}

// Of the processor's time: a busy machine takes longer by the clock on the wall.
double milliseconds(const std::function<void()>& body) {
  const std::clock_t start = std::clock();
  body();
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

#if !defined(ACTLAB_SANITIZED)  // where it takes minutes, and ASmallStackIsEnough reads a part of each
TEST(Hostile, EachIsRefusedWithinATenthOfASecond) {
  const auto cases = hostile_cases();
  EXPECT_GE(cases.size(), 100u);
  for (const auto& [name, text] : cases) {
    Problems problems;
    double time = 1e9;
    // The machine may be busy: the better of three.
    for (int attempt = 0; attempt < 3 && time > 100 * kSlower; ++attempt) {
      problems = {};
      time = milliseconds([&] { parse_yaml(text, "hostile.yaml", problems); });
    }
    EXPECT_LE(time, 100 * kSlower) << name;
    EXPECT_FALSE(problems.empty()) << name;
    EXPECT_LE(problems.size(), kMaxConfigMistakes + 1) << name;
    EXPECT_LE(problems.text().size(), 40000u) << name;
  }
}
#endif

// These are names, strings and lists, however long; all else is refused.
TEST(Hostile, SoAreTheyOnTheCommandLine) {
  std::vector<std::string> taken;
  for (const auto& piece : pieces()) {
    Problems problems;
    EXPECT_LE(milliseconds([&] { parse_yaml_value(repeated(piece, 4000), problems, "model.activation"); }),
              100 * kSlower)
        << piece;
    EXPECT_LE(problems.size(), kMaxConfigMistakes + 1) << piece;
    if (problems.empty()) taken.push_back(piece);
  }
  EXPECT_THAT(
      taken, testing::ElementsAre("-", "?", "'", "''", "\\", "- |\n", "#", "# c\n", "a", "a ", "a\n", "a\n\n",
                                  "  a\n", "- a\n", "--- ", "\xC3\xA4", "\xEF\xBB\xBF", "\xE2\x80\xA8"));
}

// A part of each shows how deep it makes the parser go.
void* parse_all(void*) {
  for (const auto& [name, text] : hostile_cases()) {
    Problems problems;
    parse_yaml(std::string_view(text).substr(0, 100000), "hostile.yaml", problems);
  }
  return nullptr;
}

TEST(Hostile, ASmallStackIsEnough) {
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  ASSERT_EQ(pthread_attr_setstacksize(&attributes, 256 * 1024), 0);
  pthread_t thread{};
  ASSERT_EQ(pthread_create(&thread, &attributes, parse_all, nullptr), 0);
  EXPECT_EQ(pthread_join(thread, nullptr), 0);
  pthread_attr_destroy(&attributes);
}

// One to eight edits: bytes changed, pieces put in, spans taken out or doubled.
std::string mutated(std::string text, std::mt19937& random) {
  const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  for (size_t edits = 1 + below(8); edits > 0; --edits) {
    const size_t at = below(text.size() + 1);
    const size_t length = std::min(below(12), text.size() - at);
    switch (below(5)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.insert(at, pieces()[below(pieces().size())]);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      default:
        text.insert(at, std::string(1, "[]{}:,-?&*!|>'\"#\n \t\\"[below(20)]));
    }
  }
  return text;
}

constexpr const char* kSeedText =
    "seed: 1   # a comment\n"
    "data: {type: folder, root: ../data, labels: {positive: [1, 3, 5]}}\n"
    "model:\n"
    "  type: net\n"
    "  hidden: [64, 64]\n"
    "  layers:\n"
    "  - {type: conv, channels: 32}\n"
    "  - type: linear\n"
    "    label: \"a \\\"quoted\\\" text\\n\"\n"
    "text: |\n"
    "  several\n"
    "  lines\n"
    "run: {root: '${env:RUNS:-../runs}', name: auto}\n";

// Texts that are taken must come back equal from what to_yaml makes of them.
TEST(Hostile, MutatedTextsNeverCrashAndRoundTripWhenTaken) {
  std::mt19937 random(20240229);
  int taken = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string text = mutated(kSeedText, random);
    Problems problems;
    const Node node = parse_yaml(text, "mutated.yaml", problems);
    if (!problems.empty()) continue;
    ++taken;
    const std::string written = to_yaml(node);
    Problems again;
    const Node back = parse_yaml(written, "written.yaml", again);
    ASSERT_TRUE(again.empty()) << text << "\n-->\n" << written << again.text();
    ASSERT_EQ(node, back) << text << "\n-->\n" << written;
  }
  EXPECT_GT(taken, 1000);
}

}  // namespace
}  // namespace actlab
