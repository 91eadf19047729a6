"""PyTorch without a trainer: the data lie in one tensor, batches are gathered by a permutation.

eager       as most people write it: indexing, ordinary Adam, default layout
tuned       the fastest that was found without changing the model: fused Adam, channels_last for the CNN, and
            many batches gathered at once, of which each is a view; the allocator is set from outside
pool-first  tuned, with max-pooling before ReLU: the same function, cheaper
compile     tuned, through torch.compile
graphs      the same with CUDA graphs: mode="reduce-overhead"

On a GPU the data lie in its memory, and permutations are drawn there.
"""

import time

import torch

from peers.common import BATCH, LEARNING_RATE, Classifier, SimpleCnn
from peers.common import load_mnist, loss_of, parse_arguments, report

CHUNK = 60 * BATCH  # examples gathered at once


def eager_batches(inputs, targets):
    for index in torch.randperm(len(inputs), device=inputs.device).split(BATCH):
        yield inputs[index], targets[index]


def tuned_batches(inputs, targets):
    for index in torch.randperm(len(inputs), device=inputs.device).split(CHUNK):
        chunk = channels_last(inputs.index_select(0, index))
        yield from zip(chunk.split(BATCH), targets.index_select(0, index).split(BATCH))


def channels_last(inputs):
    """contiguous(memory_format=channels_last) does nothing to images of one channel, and leaves strides with
    which convolutions take the slower layout. These strides are the right ones."""
    return inputs.reshape(-1, 28, 28, 1).permute(0, 3, 1, 2) if inputs.dim() == 4 else inputs


def check_layout(model, inputs):
    convolved = model.conv1(channels_last(inputs[:BATCH]))
    assert convolved.is_contiguous(memory_format=torch.channels_last), convolved.stride()


def train_epoch(forward, optimizer, loss_function, batches):
    """Mean loss over the epoch. Reading it waits for the GPU."""
    total, examples = 0, 0
    for x, y in batches:
        optimizer.zero_grad()
        loss = loss_function(forward(x), y)
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(x)
        examples += len(x)
    return total.item() / examples


def compiled(model, variant):
    if variant == "graphs":
        return torch.compile(model, mode="reduce-overhead")
    return torch.compile(model) if variant == "compile" else model


def main():
    arguments = parse_arguments(("eager", "tuned", "pool-first", "compile", "graphs"))
    inputs, targets = (part.to(arguments.device) for part in load_mnist(arguments))
    model = Classifier() if arguments.model == "classifier" else SimpleCnn(arguments.variant == "pool-first")
    model = model.to(arguments.device)
    tuned = arguments.variant != "eager"
    if tuned and arguments.model == "cnn":
        model = model.to(memory_format=torch.channels_last)
        check_layout(model, inputs)
    batches = tuned_batches if tuned else eager_batches
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=tuned)
    forward = compiled(model, arguments.variant)
    speeds = []
    for _ in range(arguments.epochs):
        begin = time.perf_counter()
        train_loss = train_epoch(forward, optimizer, loss_of(arguments.model), batches(inputs, targets))
        speeds.append(len(inputs) / (time.perf_counter() - begin))
    report(speeds, train_loss)


if __name__ == "__main__":
    main()
