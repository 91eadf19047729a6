"""How far results move when the numbers that they are computed from are rounded."""

import torch

UNIT = 2.0**-24  # by how much of itself a number moves, at most, when it is rounded to float32
DRAWS = 20


def largest(*tensors):
    return max(values.detach().abs().max().item() for values in tensors)


def with_rounding(compute):
    """{name: (values, rounding)} of the float64 tensors {name: values} that compute(rounded) returns.

    compute() passes the numbers it starts from through rounded(), which changes each by UNIT of it, up or down. The
    rounding of a tensor is how far its elements move at most, in several draws. So a sum whose terms cancel is given
    the rounding of its terms, as in any order of summing them in float32, and not of the little that remains.
    """
    generator = torch.Generator().manual_seed(20)

    def rounded(values):
        up = torch.randint(2, values.shape, generator=generator, dtype=torch.float64)
        return values.double() * (1 + UNIT * (2 * up - 1))

    truth = compute(torch.Tensor.double)
    draws = [compute(rounded) for _ in range(DRAWS)]
    return {name: (values, max(largest(draw[name] - values) for draw in draws)) for name, values in truth.items()}
