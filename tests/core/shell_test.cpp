#include "core/shell.h"

#include <gtest/gtest.h>

namespace actlab::test {
namespace {

TEST(Shell, QuotesWhatIsNotPlain) {
  EXPECT_EQ(shell_text({"model.init=auto", "optimizer.lr=1e-3"}), "model.init=auto optimizer.lr=1e-3");
  EXPECT_EQ(shell_text({"model.activation={type: elu}"}), "'model.activation={type: elu}'");
  EXPECT_EQ(shell_text({"a=it's", "", "$(rm)"}), "'a=it'\\''s' '' '$(rm)'");
}

TEST(Shell, TheWordsOfATextAreThoseItWasMadeOf) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"train", "a.yaml"}, {"a=it's", "", "$(rm)"}, {"--resume=/a b/x", "a\\b", "tab\there"}}) {
    EXPECT_EQ(shell_words(shell_text(words)), words);
  }
  EXPECT_EQ(shell_words("  a   it\\'s "), (std::vector<std::string>{"a", "it's"}));
}

}  // namespace
}  // namespace actlab::test
