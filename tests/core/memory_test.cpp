#include "core/memory.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/test_support.h"

namespace actlab::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Optional;

TEST(Memory, BytesAsPeopleReadThem) {
  EXPECT_EQ(bytes_text(0), "0 bytes");
  EXPECT_EQ(bytes_text(999), "999 bytes");
  EXPECT_EQ(bytes_text(1000), "1.0 kB");
  EXPECT_EQ(bytes_text(999'949), "999.9 kB");
  EXPECT_EQ(bytes_text(999'950), "1.0 MB");
  EXPECT_EQ(bytes_text(47'040'016), "47.0 MB");
  EXPECT_EQ(bytes_text(UINT64_MAX), "18.4 EB");
}

// What LibTorch 2.13 says, and oneDNN.
TEST(Memory, KnowsTheExceptionsThatSayItHasRunOut) {
  EXPECT_THAT(out_of_memory(std::bad_alloc()), Optional(0U));
  EXPECT_THAT(out_of_memory(std::length_error("vector")), Optional(0U));
  EXPECT_THAT(
      out_of_memory(std::runtime_error(
          "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: you "
          "tried to allocate 40000000000 bytes. Error code 12 (Cannot allocate memory)")),
      Optional(40'000'000'000U));
  EXPECT_THAT(out_of_memory(std::runtime_error("CUDA out of memory. Tried to allocate 20.00 GiB.")),
              Optional(0U));
  EXPECT_THAT(out_of_memory(std::runtime_error("could not create a memory object")), Optional(0U));
  EXPECT_EQ(out_of_memory(std::runtime_error("mat1 and mat2 shapes cannot be multiplied")), std::nullopt);
  EXPECT_EQ(out_of_memory(Error(ExitStatus::kData, "out of memory")), std::nullopt) << "named already";
}

TEST(Memory, TheInnermostIsNamed) {
  const auto run_out = [] { std::vector<char>().reserve(SIZE_MAX); };
  EXPECT_EQ(error_of([&] { with_memory_for("training", [&] { with_memory_for("a batch", run_out); }); }),
            "out of memory: a batch needs more than there is");
  EXPECT_EQ(with_memory_for("nothing", [] { return 5; }), 5);
  EXPECT_THROW(with_memory_for("x", [] { throw std::runtime_error("other"); }), std::runtime_error);
  EXPECT_EQ(
      error_of([&] { with_memory_for("x", [] { throw Error(ExitStatus::kData, "y"); }); }, ExitStatus::kData),
      "y");
}

TEST(Memory, WhatIsTooMuchIsRefusedBeforeItIsAskedFor) {
  EXPECT_LT(memory_left(), uint64_t{1} << 60);
  check_memory(1, "little");
  EXPECT_THAT(error_of([] { check_memory(uint64_t{1} << 60, "a model of 5 weights"); }),
              AllOf(HasSubstr("out of memory: a model of 5 weights needs 1.2 EB, and there are "),
                    HasSubstr(" left")));
}

// The sanitizers reserve more than any limit.
#ifndef ACTLAB_SANITIZED
TEST(Memory, ALimitOfAddressSpaceCounts) {
  EXPECT_EQ(run_in_child([] {
              const rlimit limit{rlim_t{3} << 30, rlim_t{3} << 30};
              ::setrlimit(RLIMIT_AS, &limit);
              const uint64_t left = memory_left();
              return left > 0 && left < uint64_t{3} << 30 ? 0 : 1;
            }),
            0);
}
#endif

}  // namespace
}  // namespace actlab::test
