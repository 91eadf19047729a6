#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/process.h"
#include "core/test_support.h"

// cmake/launcher.in, which is bin/actlab where actlab is installed. The program that it starts is here a
// script that tells what it was started with.
namespace actlab::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

void put_program(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  put_text(path, text);
  fs::permissions(path, fs::perms::owner_all);
}

std::string launcher() {
  std::string text = text_of(ACTLAB_SOURCE_DIR "/cmake/launcher.in");
  const std::map<std::string, std::string> values = {{"@CMAKE_INSTALL_LIBDIR@", "lib"},
                                                     {"@CMAKE_INSTALL_BINDIR@", "bin"},
                                                     {"@actlab_torch_release@", "2.13"}};
  for (const auto& [name, value] : values) {
    for (size_t at = 0; (at = text.find(name, at)) != std::string::npos;)
      text.replace(at, name.size(), value);
  }
  return text;
}

class Launcher : public testing::Test {
 protected:
  Launcher() {
    put_program(prefix() / "bin/actlab", launcher());
    put_program(prefix() / "lib/actlab/actlab",
                "#!/bin/sh\necho \"libraries $LD_LIBRARY_PATH\"\nfor a; do echo \"[$a]\"; done\nexit 5\n");
    let_python_find("");
  }

  fs::path prefix() const { return folder_ / "a prefix"; }
  fs::path operator/(const std::string& name) const { return folder_ / name; }

  // What asking python3 for its torch gives; nothing: it has none.
  void let_python_find(const fs::path& torch) const {
    put_program(folder_ / "path/python3",
                torch.empty() ? "#!/bin/sh\nexit 1\n" : "#!/bin/sh\necho '" + torch.string() + "'\n");
  }

  static fs::path libtorch(const fs::path& path, const std::string& version) {
    fs::create_directories(path / "lib");
    put_text(path / "lib/libtorch.so", "");
    put_text(path / "version.py", "from typing import Optional\n__version__ = '" + version +
                                      "+cpu'\ncuda: Optional[str] = None\n");
    return path;
  }

  ProcessResult start(const std::vector<std::string>& environment,
                      const std::vector<std::string>& arguments = {},
                      const fs::path& program = "bin/actlab") const {
    std::vector<std::string> command = {"env", "-i",
                                        "PATH=" + (folder_ / "path").string() + ":/usr/bin:/bin"};
    command.insert(command.end(), environment.begin(), environment.end());
    command.push_back((prefix() / program).string());
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_program(command, folder_.path());
  }

  const TemporaryFolder folder_;
};

std::string libraries(const fs::path& libtorch) {
  return "libraries " + (libtorch / "lib").string() + "\n";
}

TEST_F(Launcher, StartsTheProgramWithTheLibtorchThatIsNamed) {
  const fs::path torch = libtorch(*this / "named one", "2.13.1");
  const ProcessResult result =
      start({"ACTLAB_LIBTORCH=" + torch.string()}, {"train", "a b", "model.x=[1, 2]", ""});
  EXPECT_EQ(result.output, libraries(torch) + "[train]\n[a b]\n[model.x=[1, 2]]\n[]\n");
  EXPECT_EQ(result.status, 5) << "the program's own status";
}

TEST_F(Launcher, FindsLibtorchBesideItself) {
  const fs::path archive = libtorch(prefix() / "libtorch", "2.13.0");
  EXPECT_EQ(start({}).output, libraries(archive));
  const fs::path linked = libtorch(*this / "elsewhere", "2.13.0");
  fs::create_symlink(linked, prefix() / "lib/actlab/libtorch");
  EXPECT_EQ(start({}).output, libraries(linked));
}

TEST_F(Launcher, FindsLibtorchInAPythonEnvironment) {
  const fs::path importable = libtorch(*this / "importable", "2.13.0");
  let_python_find(importable);
  EXPECT_EQ(start({}).output, libraries(importable));
  const fs::path active = libtorch(*this / "an env/lib/python3.12/site-packages/torch", "2.13.0");
  EXPECT_EQ(start({"VIRTUAL_ENV=" + (*this / "an env").string()}).output, libraries(active));
  EXPECT_EQ(start({"CONDA_PREFIX=" + (*this / "an env").string()}).output, libraries(active));
}

TEST_F(Launcher, PassesOverAnotherRelease) {
  libtorch(prefix() / "libtorch", "2.1.3");
  const fs::path importable = libtorch(*this / "importable", "2.13.0");
  let_python_find(importable);
  EXPECT_EQ(start({}).output, libraries(importable));
}

TEST_F(Launcher, TakesALibtorchThatSaysNothingOfItsRelease) {
  const fs::path torch = libtorch(*this / "built", "2.13.0");
  fs::remove(torch / "version.py");
  EXPECT_EQ(start({"ACTLAB_LIBTORCH=" + torch.string()}).output, libraries(torch));
  put_text(torch / "build-version", "2.11.0+cu130\n");
  EXPECT_EQ(start({"ACTLAB_LIBTORCH=" + torch.string()}).status, 1);
}

TEST_F(Launcher, AddsTheCudaLibrariesOfAWheel) {
  const fs::path torch = libtorch(*this / "site-packages/torch", "2.13.0");
  fs::create_directories(*this / "site-packages/nvidia/cu13/lib");
  EXPECT_EQ(start({"ACTLAB_LIBTORCH=" + torch.string(), "LD_LIBRARY_PATH=/own"}).output,
            "libraries " + (torch / "lib").string() + ":" +
                (*this / "site-packages/nvidia/cu13/lib").string() + ":/own\n");
}

TEST_F(Launcher, IsFollowedThroughLinks) {
  const fs::path torch = libtorch(prefix() / "libtorch", "2.13.0");
  fs::create_symlink(prefix() / "bin/actlab", prefix() / "link");
  EXPECT_EQ(start({}, {}, "link").output, libraries(torch));
}

TEST_F(Launcher, SaysInOneLineWhatIsMissing) {
  const ProcessResult result = start({});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(
      result.output,
      "error: actlab runs with LibTorch 2.13, and there is none: install it in a Python environment (pip "
      "install \"torch==2.13.*\") and activate that, or name the folder of one that holds lib/libtorch.so: "
      "ACTLAB_LIBTORCH=FOLDER\n");
}

TEST_F(Launcher, SaysWhichOtherReleaseThereIs) {
  let_python_find(libtorch(*this / "old", "2.11.0"));
  const ProcessResult result = start({});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.output, StartsWith("error: actlab runs with LibTorch 2.13, but " +
                                        (*this / "old").string() + " is LibTorch 2.11.0: install it"));
}

TEST_F(Launcher, TakesNoOtherThanTheOneThatIsNamed) {
  libtorch(prefix() / "libtorch", "2.13.0");
  const ProcessResult wrong = start({"ACTLAB_LIBTORCH=" + libtorch(*this / "old", "2.11.0").string()});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.output,
              HasSubstr("but ACTLAB_LIBTORCH=" + (*this / "old").string() + " is LibTorch 2.11.0"));
  const ProcessResult none = start({"ACTLAB_LIBTORCH=/nowhere"});
  EXPECT_EQ(none.status, 1);
  EXPECT_THAT(none.output, HasSubstr("ACTLAB_LIBTORCH=/nowhere holds no lib/libtorch.so"));
}

}  // namespace
}  // namespace actlab::test
