#include "report/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace actlab::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Http, ReadsTheHeadOfARequest) {
  const auto request =
      parse_head("GET /?theme=dark#x HTTP/1.1\r\nAccept: */*\r\nhOST: \t localhost:80 \r\n\r\n");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method, "GET");
  EXPECT_EQ(request->path, "/");
  EXPECT_EQ(request->host, "localhost:80");
  EXPECT_EQ(parse_head("POST /a HTTP/1.0\nHost:\n\nbody")->host, "");
}

TEST(Http, RefusesWhatIsNone) {
  for (const char* head : {"", "\r\n\r\n", "GET\r\n\r\n", "GET /\r\nHost: a\r\n\r\n",
                           "GET / HTTP/2\r\nHost: a\r\n\r\n", " / HTTP/1.1\r\nHost: a\r\n\r\n",
                           "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                           "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", "\x16\x03\x01 nonsense\r\n\r\n"})
    EXPECT_FALSE(parse_head(head)) << head;
}

TEST(Http, KnowsWhereAHeadEnds) {
  EXPECT_TRUE(head_is_complete("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(head_is_complete("GET / HTTP/1.1\n\n"));
  EXPECT_FALSE(head_is_complete("GET / HTTP/1.1\r\nHost: a\r\n"));
}

TEST(Http, AnAnswerEndsTheConnectionAndIsForNobodyElse) {
  const std::string answer = http_response(404, "text/plain", "nothing");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nnothing"));
  for (const char* line : {"Content-Length: 7\r\n", "Connection: close\r\n", "Cache-Control: no-store\r\n",
                           "Cross-Origin-Resource-Policy: same-origin\r\n"})
    EXPECT_THAT(answer, HasSubstr(line));
}

}  // namespace
}  // namespace actlab::test
