#include "core/near_file.h"

#include "core/test_support.h"

namespace actlab::test {
namespace {

TEST(NearFile, IsOneWithAnotherEndingOrderOrTypo) {
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "configs");
  put_text(folder / "configs/mnist_cnn.yaml", "");
  put_text(folder / "configs/mnist_mlp.yaml", "");
  const auto near = [&](const std::string& name) {
    return near_file(folder / name).lexically_relative(folder.path()).string();
  };
  EXPECT_EQ(near("configs/mnist_cnn.yml"), "configs/mnist_cnn.yaml");
  EXPECT_EQ(near("configs/mnist_cnn"), "configs/mnist_cnn.yaml");
  EXPECT_EQ(near("configs/mlp_mnist.yaml"), "configs/mnist_mlp.yaml");
  EXPECT_EQ(near("configs/mlp_mnist"), "configs/mnist_mlp.yaml");
  EXPECT_EQ(near("configs/mnist_cn.yaml"), "configs/mnist_cnn.yaml");
  EXPECT_EQ(near("config/mnist_cnn.yaml"), "configs/mnist_cnn.yaml");
  EXPECT_EQ(near("mnist_cnn.yaml"), "configs/mnist_cnn.yaml");
  EXPECT_EQ(near_file(folder / "configs/banana.png"), "");
  EXPECT_EQ(near_file(folder / "elsewhere/mnist_cnn.yaml"), "");
}

}  // namespace
}  // namespace actlab::test
