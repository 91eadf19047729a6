#include "core/file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ReadFile, GivesTheWholeFile) {
  const TemporaryFolder folder;
  const std::string text = std::string("a\0b\n\xff", 5) + std::string(300'000, 'x');
  put_text(folder / "file", text);
  EXPECT_EQ(read_text(folder / "file", ExitStatus::kFailed), text);
  put_text(folder / "empty", "");
  EXPECT_EQ(read_text(folder / "empty", ExitStatus::kFailed), "");
}

TEST(ReadFile, NamesAMissingFileAndCarriesTheStatus) {
  const auto message = error_of([] { read_file("no/such/file", ExitStatus::kData); }, ExitStatus::kData);
  EXPECT_THAT(message, HasSubstr("no/such/file"));
  EXPECT_THAT(message, HasSubstr("No such file"));
}

TEST(ReadFile, RefusesWhatIsNoRegularFile) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(error_of([&] { read_file(folder / "pipe", ExitStatus::kFailed); }), HasSubstr("pipe"));
  EXPECT_THAT(error_of([&] { read_file("/dev/zero", ExitStatus::kFailed); }),
              HasSubstr("/dev/zero is a device"));
  EXPECT_THAT(error_of([&] { read_file(folder.path(), ExitStatus::kFailed); }), HasSubstr("is a folder"));
}

TEST(ReadFile, ChecksTheLimitBeforeItAllocates) {
  const TemporaryFolder folder;
  put_text(folder / "file", "12345");
  EXPECT_EQ(read_file(folder / "file", ExitStatus::kFailed, 5).size(), 5U);
  EXPECT_THAT(error_of([&] { read_file(folder / "file", ExitStatus::kUsage, 4); }, ExitStatus::kUsage),
              HasSubstr("5 bytes"));
  std::filesystem::resize_file(folder / "file", uint64_t{1} << 42);  // sparse: takes no room
  EXPECT_THAT(error_of([&] { read_file(folder / "file", ExitStatus::kFailed, 1'000'000); }),
              HasSubstr("too large"));
}

TEST(ReadFile, NoticesAFileThatGrows) {
  // A regular file of size 0 that has content all the same.
  EXPECT_THAT(error_of([] { read_file("/proc/self/status", ExitStatus::kFailed); }),
              HasSubstr("changed its size"));
}

TEST(WriteFileAtomically, CreatesAndReplaces) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "file", "first, and longer than the second");
  write_file_atomically(folder / "file", "second");
  EXPECT_EQ(text_of(folder / "file"), "second");
  write_file_atomically(folder / "parts", {as_bytes("one "), as_bytes(""), as_bytes("two")});
  EXPECT_EQ(text_of(folder / "parts"), "one two");
  EXPECT_THAT(folder.names(), ElementsAre("file", "parts"));
}

TEST(WriteFileAtomically, WritesToTheCurrentFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(run_in_child([&] {
              std::filesystem::current_path(folder.path());
              write_file_atomically("file", "text");
              return 0;
            }),
            0);
  EXPECT_EQ(text_of(folder / "file"), "text");
}

TEST(WriteFileAtomically, FollowsTheUmask) {
  const TemporaryFolder folder;
  for (const mode_t mask : {022U, 077U}) {
    const mode_t former = ::umask(mask);
    write_file_atomically(folder / "file", "text");
    ::umask(former);
    struct stat info {};
    ASSERT_EQ(::stat((folder / "file").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0644U & ~mask);
  }
}

// A folder from elsewhere may hold links to files that are none of its business.
TEST(WriteFileAtomically, ReplacesALinkAndLeavesItsTarget) {
  const TemporaryFolder folder;
  put_text(folder / "victim", "untouched");
  std::filesystem::create_symlink("victim", folder / "link");
  std::filesystem::create_hard_link(folder / "victim", folder / "hard");
  std::filesystem::create_symlink("nowhere", folder / "dangling");
  for (const char* name : {"link", "hard", "dangling"}) {
    write_file_atomically(folder / name, "new");
    EXPECT_EQ(text_of(folder / name), "new");
    EXPECT_FALSE(std::filesystem::is_symlink(folder / name));
  }
  EXPECT_EQ(text_of(folder / "victim"), "untouched");
  EXPECT_FALSE(std::filesystem::exists(folder / "nowhere"));
}

TEST(WriteFileAtomically, RefusesPipesAndDevices) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const std::filesystem::path& path : {folder / "pipe", std::filesystem::path("/dev/full")})
    EXPECT_THAT(error_of([&] { write_file_atomically(path, "text"); }), HasSubstr("is a device or a pipe"));
}

TEST(WriteNamedFile, KeepsLinksPipesAndDevicesWhatTheyAre) {
  const TemporaryFolder folder;
  put_text(folder / "target", "old");
  std::filesystem::create_symlink("target", folder / "link");
  write_named_file(folder / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(text_of(folder / "target"), "new");

  const auto pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  write_named_file(pipe, "text");
  char buffer[8] = {};
  EXPECT_EQ(::read(reader, buffer, sizeof buffer), 4);
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));

  std::filesystem::create_symlink("/dev/full", folder / "full");  // a test must not risk the real one
  EXPECT_THROW(write_named_file(folder / "full", "text"), Error);
  EXPECT_TRUE(std::filesystem::is_character_file(folder / "full"));
}

TEST(OpenToAppend, AddsToAFileOfItsOwnOnly) {
  const TemporaryFolder folder;
  for (const char* text : {"one ", "two"})
    EXPECT_TRUE(write_fully(open_to_append(folder / "file"), as_bytes(text)));
  EXPECT_EQ(text_of(folder / "file"), "one two");
  std::filesystem::create_symlink("file", folder / "link");
  std::filesystem::create_symlink("nowhere", folder / "dangling");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::filesystem::create_directory(folder / "folder");
  for (const auto& [name, what] : std::vector<std::pair<std::string, std::string>>{
           {"link", "a link"}, {"dangling", "a link"}, {"pipe", "a pipe"}, {"folder", "a folder"}})
    EXPECT_THAT(error_of([&] { open_to_append(folder / name); }), HasSubstr(what)) << name;
  std::filesystem::create_hard_link(folder / "file", folder / "hard");
  EXPECT_THAT(error_of([&] { open_to_append(folder / "hard"); }), HasSubstr("hard link"));
  EXPECT_FALSE(std::filesystem::exists(folder / "nowhere"));
}

TEST(NameAgain, GivesAFileASecondNameInPlaceOfAnother) {
  const TemporaryFolder folder;
  put_text(folder / "last", "3");
  put_text(folder / "before", "2");
  for (int times = 0; times < 2; ++times) name_again(folder / "last", folder / "before");
  EXPECT_EQ(text_of(folder / "before"), "3");
  write_file_atomically(folder / "last", "4");
  EXPECT_EQ(text_of(folder / "before"), "3");
  EXPECT_THAT(folder.names(), ElementsAre("before", "last"));
}

TEST(WriteFileAtomically, SaysWhyItCannotWrite) {
  const TemporaryFolder folder;
  put_text(folder / "file", "old");
  std::filesystem::create_directory(folder / "taken");
  const auto failure = [&](const std::string& name) {
    return error_of([&] { write_file_atomically(folder / name, "new"); });
  };
  EXPECT_THAT(failure("no/such"), HasSubstr((folder / "no").string()));
  EXPECT_THAT(failure("file/below"), HasSubstr("Not a directory"));
  EXPECT_THAT(failure("taken"), HasSubstr("cannot rename"));
  EXPECT_THAT(failure(std::string(300, 'x')), HasSubstr("cannot create"));
  EXPECT_THAT(failure("taken/"), HasSubstr("not a file name"));
  EXPECT_THAT(folder.names(), ElementsAre("file", "taken"));
  EXPECT_EQ(text_of(folder / "file"), "old");
}

TEST(WriteFileAtomically, LeavesTheOldFileWhenThereIsNoRoom) {
  const TemporaryFolder folder;
  put_text(folder / "file", "old");
  EXPECT_EQ(run_in_child([&] {
              ::signal(SIGXFSZ, SIG_IGN);
              const rlimit limit{4096, 4096};
              ::setrlimit(RLIMIT_FSIZE, &limit);
              const auto message =
                  error_of([&] { write_file_atomically(folder / "file", std::string(100'000, 'x')); });
              return message.find("cannot write") == 0 && message.find("ulimit") != std::string::npos ? 0 : 1;
            }),
            0);
  EXPECT_EQ(text_of(folder / "file"), "old");
  EXPECT_THAT(folder.names(), ElementsAre("file"));
}

TEST(WriteFileAtomically, RemovesWhatKilledProcessesLeft) {
  const TemporaryFolder folder;
  const pid_t dead = start_child([] { return 0; });
  wait_for(dead);
  const std::string running = ".file.tmp-" + std::to_string(::getppid());
  const std::string others[] = {".file.tmp-", ".file.tmp-12x", ".other.tmp-" + std::to_string(dead),
                                "file.tmp-1"};
  put_text(folder / (".file.tmp-" + std::to_string(dead)), "left");
  put_text(folder / running, "another process is at it");
  for (const auto& name : others) put_text(folder / name, "somebody else's");
  write_file_atomically(folder / "file", "text");
  EXPECT_THAT(folder.names(),
              testing::UnorderedElementsAre("file", running, others[0], others[1], others[2], others[3]));
}

TEST(WriteFileAtomically, DoesNotWriteThroughALink) {
  const TemporaryFolder folder;
  put_text(folder / "victim", "untouched");
  std::filesystem::create_symlink("victim", folder / (".file.tmp-" + std::to_string(::getpid())));
  write_file_atomically(folder / "file", "text");
  EXPECT_EQ(text_of(folder / "victim"), "untouched");
  EXPECT_EQ(text_of(folder / "file"), "text");
}

TEST(WriteFileAtomically, ShowsReadersTheOldOrTheNewFileOnly) {
  const TemporaryFolder folder;
  const std::string versions[] = {std::string(200'000, 'a'), std::string(300'000, 'b')};
  write_file_atomically(folder / "file", versions[0]);
  const pid_t writer = start_child([&] {
    for (int i = 0;; ++i) write_file_atomically(folder / "file", versions[i % 2]);
    return 0;
  });
  for (int i = 0; i < 200; ++i) {
    const std::string seen = text_of(folder / "file");
    EXPECT_TRUE(seen == versions[0] || seen == versions[1]) << seen.size();
  }
  ::kill(writer, SIGKILL);
  wait_for(writer);
}

TEST(Sha256, AgreesWithFips180) {
  EXPECT_EQ(sha256({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256({as_bytes("abc")}), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({as_bytes(std::string(1'000'000, 'a'))}),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, DependsOnTheBytesNotOnTheParts) {
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}), sha256({as_bytes("abc")}));
  EXPECT_NE(sha256({as_bytes("abd")}), sha256({as_bytes("abc")}));
}

}  // namespace
}  // namespace actlab::test
