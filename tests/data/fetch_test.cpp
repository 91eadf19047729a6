#include "data/fetch.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <optional>

#include "core/test_support.h"
#include "data/data_files.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Sets a variable of the environment for the life of the object.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* former = std::getenv(name)) former_ = former;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (former_) {
      ::setenv(name_, former_->c_str(), 1);
    } else {
      ::unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> former_;
};

// A network of scripts: `curl` and `npm` are shell scripts that note their call in `calls` and serve the
// folder `web`.
class Fetch : public testing::Test {
 protected:
  Fetch() : path_("PATH", (folder_ / "bin").string() + ":" + std::getenv("PATH")) {
    for (const char* name : {"bin", "web", "tmp"}) std::filesystem::create_directory(folder_ / name);
    set_.name = "letters";
    for (const auto& [name, size] : {std::pair{"one", 1000}, {"two", 200}}) {
      const Bytes content = ramp(static_cast<size_t>(size));
      set_.files.push_back({name, content.size(), sha256({content})});
      put_bytes(folder_ / "web" / (std::string(name) + ".gz"), gzip(content));
    }
    set_.mirrors = {"https://first.invalid/", "https://second.invalid/"};
    set_.npm_package = "letters@1.0.0";
    set_.npm_folder = "package/data/";
    script("npm", "echo npm error code ENOTFOUND; exit 1");
    script("curl", kServe);
  }

  static constexpr const char* kServe = R"(while [ "$1" != --output ]; do shift; done
exec cp ")";

  // A program that first notes its name and last argument.
  void script(const std::string& name, std::string body) {
    if (body == kServe) body += web().string() + "/${3##*/}\" \"$2\"";
    const auto file = folder_ / "bin" / name;
    put_text(file, "#!/bin/sh\nfor last; do :; done\necho " + name + " \"$last\" >> '" +
                       (folder_ / "calls").string() + "'\n" + body + "\n");
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

  // An npm that packs these files as the package.
  void pack(const std::vector<std::pair<std::string, Bytes>>& files) {
    const auto data = folder_ / "package/data";
    std::filesystem::create_directories(data);
    for (const auto& [name, content] : files) put_bytes(data / name, content);
    script("npm", "tar -czf letters-1.0.0.tgz -C '" + folder_.path().string() + "' package");
  }

  std::filesystem::path web() const { return folder_ / "web"; }
  std::filesystem::path to() const { return folder_ / "to"; }
  std::vector<std::string> run() const { return fetch(set_, to()); }
  std::string error() const {
    return error_of([&] { run(); }, ExitStatus::kData);
  }
  std::string calls() const { return text_of(folder_ / "calls"); }
  bool complete() const {
    return std::ranges::all_of(check_files(set_, to()),
                               [](const FileCheck& c) { return c.state == FileState::kRight; });
  }

  TemporaryFolder folder_;
  Variable path_;
  Variable temporary_{"TMPDIR", (folder_ / "tmp").string()};
  Download set_;
};

TEST_F(Fetch, BringsTheFilesUncompressed) {
  EXPECT_THAT(run(), ElementsAre("one", "two"));
  EXPECT_EQ(read_file(to() / "one", ExitStatus::kData), ramp(1000));
  EXPECT_EQ(read_file(to() / "two", ExitStatus::kData), ramp(200));
  EXPECT_EQ(calls(), "curl https://first.invalid/one.gz\ncurl https://first.invalid/two.gz\n");
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "tmp"));
}

TEST_F(Fetch, KeepsWhatIsThereAndRight) {
  run();
  std::filesystem::remove(folder_ / "calls");
  EXPECT_TRUE(run().empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "calls"));
  std::filesystem::remove(to() / "two");
  EXPECT_THAT(run(), ElementsAre("two"));
  EXPECT_EQ(calls(), "curl https://first.invalid/two.gz\n");
}

TEST_F(Fetch, ReplacesWhatIsWrong) {
  std::filesystem::create_directory(to());
  put_bytes(to() / "one", ramp(999));
  EXPECT_THAT(run(), ElementsAre("one", "two"));
  EXPECT_TRUE(complete());
}

TEST_F(Fetch, LeavesAMirrorThatCannotBeReached) {
  script("curl", "case $last in *first*) echo 'curl: (6) Could not resolve host' >&2; exit 6;; esac\n" +
                     std::string(kServe) + web().string() + "/${3##*/}\" \"$2\"");
  EXPECT_THAT(run(), ElementsAre("one", "two"));
  EXPECT_EQ(calls(),
            "curl https://first.invalid/one.gz\n"
            "curl https://second.invalid/one.gz\n"
            "curl https://second.invalid/two.gz\n");
}

TEST_F(Fetch, TakesFromTheNextMirrorWhatTheFirstLacks) {
  script("curl", "case $last in *first*one*) exit 22;; esac\n" + std::string(kServe) + web().string() +
                     "/${3##*/}\" \"$2\"");
  EXPECT_THAT(run(), ElementsAre("two", "one"));
  EXPECT_TRUE(complete());
}

TEST_F(Fetch, FallsBackToNpm) {
  script("curl", "exit 7");
  pack({{"one", ramp(1000)}, {"two", ramp(200)}});
  EXPECT_THAT(run(), ElementsAre("one", "two"));
  EXPECT_TRUE(complete());
  EXPECT_THAT(calls(), HasSubstr("npm "));
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "tmp"));
}

TEST_F(Fetch, NeverStoresWrongContent) {
  put_bytes(web() / "one.gz", gzip(ramp(999)));
  Bytes damaged = gzip(ramp(200));
  damaged.back() ^= 1;
  put_bytes(web() / "two.gz", damaged);
  pack({{"one", Bytes(1000)}, {"two", Bytes(2'000'000)}});
  EXPECT_THAT(error(), AllOf(HasSubstr("one, two"), HasSubstr("999 bytes"), HasSubstr("damaged"),
                             HasSubstr("SHA-256"), HasSubstr("npm pack letters@1.0.0")));
  EXPECT_TRUE(std::filesystem::is_empty(to()));
}

TEST_F(Fetch, ListsWhatWasTriedWhenNothingHelps) {
  script("curl", "echo 'curl: (7) Failed to connect' >&2; exit 7");
  EXPECT_THAT(error(),
              AllOf(HasSubstr("letters"), HasSubstr("https://first.invalid/one.gz: curl: (7)"),
                    HasSubstr("https://second.invalid/one.gz"), HasSubstr("npm error code ENOTFOUND"),
                    HasSubstr(to().string()), Not(HasSubstr("two.gz"))));
}

TEST_F(Fetch, SaysWhichProgramsAreNotInstalled) {
  const Variable path("PATH", (folder_ / "none").string());
  EXPECT_THAT(error(), AllOf(HasSubstr("curl is not installed"), HasSubstr("npm is not installed")));
}

}  // namespace
}  // namespace actlab::test
