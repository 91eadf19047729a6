// The structure of the code, checked: the arrows and walls of docs/ARCHITECTURE.md, calls that are never
// made, and the length of files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Names = std::set<std::string>;
using Table = std::map<std::string, Names>;  // left side of an arrow -> right side

constexpr int kMaxLines = 400;

struct Source {
  std::string name;  // relative to src/, or models/...
  std::string code;  // without comments
};

fs::path root() {
  return ACTLAB_SOURCE_DIR;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The end of the string or character literal that starts at `start`, one past its closing quote.
size_t literal_end(const std::string& text, size_t start) {
  if (text[start] == '"' && start > 0 && text[start - 1] == 'R') {
    const size_t open = text.find('(', start);
    const std::string close = ")" + text.substr(start + 1, open - start - 1) + '"';
    return std::min(text.find(close, open), text.size() - close.size()) + close.size();
  }
  size_t end = start + 1;
  while (end < text.size() && text[end] != text[start]) end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

// C++ without its comments; literals stay, because the names of included files are among them.
std::string without_comments(const std::string& text) {
  std::string code;
  for (size_t i = 0; i < text.size();) {
    const bool separator = text[i] == '\'' && i > 0 && std::isxdigit(static_cast<unsigned char>(text[i - 1]));
    if (text.compare(i, 2, "//") == 0) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.compare(i, 2, "/*") == 0) {
      i = std::min(text.find("*/", i), text.size() - 2) + 2;
    } else if (text[i] == '"' || (text[i] == '\'' && !separator)) {
      const size_t end = literal_end(text, i);
      code.append(text, i, end - i);
      i = end;
    } else {
      code += text[i++];
    }
  }
  return code;
}

std::vector<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern, std::regex::multiline);
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i) found.push_back((*i)[1]);
  return found;
}

std::vector<std::string> own_includes(const std::string& code) {
  return matches(code, R"re(^[ \t]*#[ \t]*include[ \t]*"([^"]+)")re");
}

std::vector<std::string> library_includes(const std::string& code) {
  return matches(code, R"re(^[ \t]*#[ \t]*include[ \t]*<([^>]+)>)re");
}

// Saving and loading that runs code from the file or aborts (design rule: checkpoints are safetensors), and
// leaving the process other than through main.
std::vector<std::string> forbidden_calls(const std::string& code) {
  return matches(code,
                 R"re(\b(torch::save|torch::load|jit::load|pickle_load|exit|quick_exit|abort)[ \t]*\()re");
}

// The rows "left -> right, right" of the fenced block ```name in docs/ARCHITECTURE.md.
Table read_table(const std::string& name) {
  const std::string page = read(root() / "docs/ARCHITECTURE.md");
  const std::string open = "```" + name + "\n";
  const size_t start = page.find(open);
  if (start == std::string::npos) return {};
  std::istringstream block(
      page.substr(start + open.size(), page.find("```", start + 3) - start - open.size()));
  Table table;
  for (std::string line; std::getline(block, line);) {
    std::istringstream words(std::regex_replace(line, std::regex("->|,"), " "));
    std::string left;
    words >> left;
    table[left] = Names(std::istream_iterator<std::string>(words), {});
  }
  return table;
}

std::vector<fs::path> files_under(const std::vector<std::string>& folders) {
  std::vector<fs::path> files;
  for (const std::string& folder : folders) {
    if (!fs::exists(root() / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root() / folder)) {
      if (Names{".h", ".cpp", ".py"}.contains(entry.path().extension())) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::vector<Source> list;
    for (const fs::path& file : files_under({"src", "models"})) {
      const std::string name = file.lexically_relative(root()).generic_string();
      list.push_back({name.starts_with("src/") ? name.substr(4) : name, without_comments(read(file))});
    }
    return list;
  }();
  return all;
}

std::string stem(const std::string& name) {
  return name.substr(0, name.rfind('.'));
}

// "core" for "core/log.h"; the stem of a file that lies in no folder.
std::string folder(const std::string& name) {
  const size_t slash = name.find('/');
  return slash == std::string::npos ? stem(name) : name.substr(0, slash);
}

// Whether the table lets `from` include `to`.
bool allowed(const Table& arrows, const std::string& from, const std::string& to) {
  if (folder(from) == folder(to)) return true;
  const auto row = arrows.find(folder(from));
  return row != arrows.end() && row->second.contains(folder(to));
}

TEST(Arrows, EveryIncludeIsAllowed) {
  const Table arrows = read_table("arrows");
  ASSERT_FALSE(arrows.empty()) << "docs/ARCHITECTURE.md has no ```arrows block";
  for (const Source& source : sources()) {
    for (const std::string& included : own_includes(source.code)) {
      EXPECT_TRUE(fs::exists(root() / "src" / included) || fs::exists(root() / included))
          << source.name << " includes \"" << included << "\", which is neither in src/ nor in models/";
      EXPECT_TRUE(allowed(arrows, source.name, included))
          << source.name << " includes \"" << included << "\": no arrow in docs/ARCHITECTURE.md allows that";
    }
  }
}

TEST(Arrows, EveryFolderHasARow) {
  const Table arrows = read_table("arrows");
  for (const Source& source : sources()) {
    if (source.name.find('/') == std::string::npos && own_includes(source.code).empty()) continue;
    EXPECT_TRUE(arrows.contains(folder(source.name)))
        << source.name << " is in no row of docs/ARCHITECTURE.md";
  }
}

TEST(Arrows, NoTwoFoldersIncludeEachOther) {
  Table includes;
  for (const Source& source : sources()) {
    for (const std::string& included : own_includes(source.code)) {
      if (folder(included) != folder(source.name)) includes[folder(source.name)].insert(folder(included));
    }
  }
  for (const auto& [from, targets] : includes) {
    for (const std::string& to : targets) {
      EXPECT_FALSE(includes.contains(to) && includes.at(to).contains(from)) << from << " and " << to;
    }
  }
}

TEST(Arrows, LibrariesStayBehindTheirWalls) {
  const Table walls = read_table("walls");
  ASSERT_FALSE(walls.empty()) << "docs/ARCHITECTURE.md has no ```walls block";
  for (const Source& source : sources()) {
    for (const std::string& included : library_includes(source.code)) {
      const auto wall = walls.find(folder(included));
      if (wall == walls.end()) continue;
      EXPECT_TRUE(wall->second.contains(source.name)) << source.name << " includes <" << included << ">";
    }
  }
}

// It would cost every file that is compiled with it five seconds: src/torch_pch.h.
TEST(Arrows, LibTorchIsIncludedByItsNarrowHeaders) {
  for (const Source& source : sources())
    EXPECT_THAT(library_includes(source.code), testing::Not(testing::Contains("torch/torch.h")))
        << source.name;
}

TEST(Arrows, PublicHeadersIncludeNoneOfTheOthers) {
  for (const fs::path& file : files_under({"include"})) {
    const std::string code = without_comments(read(file));
    EXPECT_THAT(own_includes(code), IsEmpty()) << file;
    for (const std::string& included : library_includes(code)) {
      if (folder(included) != "actlab" || included == "actlab/version.h") continue;
      EXPECT_TRUE(fs::exists(root() / "include" / included)) << file << " includes <" << included << ">";
    }
  }
}

TEST(Arrows, ForbiddenCallsAreNotMade) {
  for (const Source& source : sources()) {
    EXPECT_THAT(forbidden_calls(source.code), IsEmpty()) << source.name;
  }
}

// Two types of one name in one namespace are one type to the linker, which takes either's functions for both.
TEST(Arrows, NoTwoHeadersNameATypeAlike) {
  std::map<std::string, std::string> header_of;
  for (const Source& source : sources()) {
    if (!source.name.ends_with(".h")) continue;
    const auto spaces = matches(source.code, R"re(^namespace ([\w:]+) \{)re");
    for (const auto& type : matches(source.code, R"re(^(?:struct|class|enum class) (\w+)[^;{]*\{)re")) {
      const auto [other, added] = header_of.emplace(spaces.at(0) + "::" + type, source.name);
      EXPECT_TRUE(added) << other->first << " of " << source.name << " is in " << other->second << ", too";
    }
  }
  EXPECT_GT(header_of.size(), 100U);
}

TEST(Arrows, FilesAreShort) {
  for (const fs::path& file : files_under({"include", "src", "models", "tests", "benchmarks", "examples"})) {
    const std::string text = read(file);
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), kMaxLines) << file;
  }
}

TEST(Arrows, AllowedFollowsTheTable) {
  const Table arrows = {{"core", {}}, {"models", {"core"}}, {"main", {"cli"}}};
  EXPECT_TRUE(allowed(arrows, "models/mlp.cpp", "core/error.h"));
  EXPECT_TRUE(allowed(arrows, "models/mlp.cpp", "models/model.h"));
  EXPECT_TRUE(allowed(arrows, "main.cpp", "cli/command.h"));
  EXPECT_FALSE(allowed(arrows, "models/mlp.cpp", "config/fields.h"));
  EXPECT_FALSE(allowed(arrows, "train/trainer.h", "models/mlp.h"));
  EXPECT_FALSE(allowed(arrows, "main.cpp", "core/error.h"));
  EXPECT_FALSE(allowed(arrows, "core/log.cpp", "models/model.h"));
}

TEST(Arrows, CommentsAreNotCode) {
  const std::string code = without_comments(
      "#include \"core/a.h\"  // torch::load(x)\n// #include \"core/b.h\"\n/* torch::save(x) */\n"
      "int n = 10'000; auto s = \"// not a comment\"; auto r = R\"(\" // nor this)\";\n  # include "
      "<spdlog/spdlog.h>\n");
  EXPECT_THAT(own_includes(code), ElementsAre("core/a.h"));
  EXPECT_THAT(library_includes(code), ElementsAre("spdlog/spdlog.h"));
  EXPECT_THAT(forbidden_calls(code), IsEmpty());
  EXPECT_THAT(code, HasSubstr("// not a comment"));
  EXPECT_THAT(code, HasSubstr("// nor this"));
  EXPECT_THAT(code, Not(HasSubstr("torch")));
}

TEST(Arrows, ForbiddenCallsAreFound) {
  EXPECT_THAT(
      forbidden_calls("torch::save(model, f); torch::jit::load (f); std::exit(1); _exit(1); on_exit_(2);"),
      ElementsAre("torch::save", "jit::load", "exit"));
}

}  // namespace
