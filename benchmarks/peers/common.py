"""What the Python peers share: their command line, the data, the two models, and what they print."""

import argparse
import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

BATCH = 100
LEARNING_RATE = 0.001
MEAN, STD = 0.1307, 0.3081  # of MNIST's training pixels


def parse_arguments(variants=()):
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", choices=("classifier", "cnn"), required=True)
    parser.add_argument("--variant", choices=variants)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--examples", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    return arguments


def read_idx(path, header):
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.uint8, offset=header)


def load_mnist(arguments):
    """Normalised floats [N, 784] or [N, 1, 28, 28], and targets as the model's loss wants them; on the CPU."""
    pixels = read_idx(arguments.data / "train-images-idx3-ubyte", 16)
    labels = read_idx(arguments.data / "train-labels-idx1-ubyte", 8)[: arguments.examples].long()
    images = pixels.reshape(-1, 784)[: arguments.examples].float().div_(255).sub_(MEAN).div_(STD)
    if arguments.model == "classifier":
        return images, (labels % 2).float().unsqueeze(1)
    return images.reshape(-1, 1, 28, 28), labels


class Classifier(nn.Module):
    """784 - 100 ReLU - 1 sigmoid: odd digits against even ones."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 100)
        self.fc2 = nn.Linear(100, 1)

    def forward(self, x):
        return torch.sigmoid(self.fc2(F.relu(self.fc1(x))))


class SimpleCnn(nn.Module):
    """Two convolutions with ReLU and 2x2 max-pooling, one linear layer, log-softmax."""

    def __init__(self, pool_first=False):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.fc1 = nn.Linear(64 * 7 * 7, 10)
        self.pool_first = pool_first

    def activate_and_pool(self, x):
        if self.pool_first:
            return F.relu(F.max_pool2d(x, 2))
        return F.max_pool2d(F.relu(x), 2)

    def forward(self, x):
        h = self.activate_and_pool(self.conv1(x))
        h = self.activate_and_pool(self.conv2(h))
        return F.log_softmax(self.fc1(h.flatten(1)), dim=1)


def loss_of(model_name):
    return F.binary_cross_entropy if model_name == "classifier" else F.nll_loss


def report(speeds, train_loss):
    """`speeds`: training samples a second of each epoch; `train_loss`: mean over the last one."""
    print(json.dumps({"samples_per_second": speeds, "train_loss": train_loss}))
