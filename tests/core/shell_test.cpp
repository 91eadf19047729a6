#include "core/shell.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

TEST(Shell, QuotesWhatIsNotPlain) {
  EXPECT_EQ(shell_text({"model.init=auto", "optimizer.lr=1e-3"}), "model.init=auto optimizer.lr=1e-3");
  EXPECT_EQ(shell_text({"model.activation={type: elu}"}), "'model.activation={type: elu}'");
  EXPECT_EQ(shell_text({"a=it's", "", "$(rm)"}), "'a=it'\\''s' '' '$(rm)'");
}

}  // namespace
}  // namespace actlab::test
