"""Autoregressive and spline flows as PyTorch users write them: what peers.py times.

Rows are float32 [n, D]. encode maps rows to noise and returns (noise [n, D], log-determinant [n]).
"""
import math

import torch
from torch import nn
from torch.nn import functional


class MaskedLinear(nn.Linear):
    """Connects units of degree a to units of degree b where a < b, or a <= b unless `strict`."""

    def __init__(self, before, after, strict=False):
        super().__init__(len(before), len(after))
        before, after = before[None, :], after[:, None]
        self.register_buffer("mask", (before < after if strict else before <= after).float())

    def forward(self, x):
        return functional.linear(x, self.weight * self.mask, self.bias)


class Made(nn.Module):
    """One layer of a masked autoregressive flow (Papamakarios et al. 2017), two hidden layers:
    u = (x - m) exp(-log s), where m and log s of a column depend on the columns before it."""

    def __init__(self, dimension, hidden):
        super().__init__()
        inputs = torch.arange(dimension)
        units = torch.arange(hidden) % max(1, dimension - 1)
        self.net = nn.Sequential(
            MaskedLinear(inputs, units), nn.ReLU(inplace=True),
            MaskedLinear(units, units), nn.ReLU(inplace=True),
            MaskedLinear(units, inputs.repeat(2), strict=True))

    def encode(self, x):
        m, log_s = self.net(x).chunk(2, dim=1)
        return (x - m) * torch.exp(-log_s), -log_s.sum(1)

    def decode(self, u):
        """One pass a column: the next one needs those found so far."""
        x = torch.zeros_like(u)
        for column in range(u.shape[1]):
            m, log_s = self.net(x).chunk(2, dim=1)
            x[:, column] = u[:, column] * torch.exp(log_s[:, column]) + m[:, column]
        return x


class Flow(nn.Module):
    """Layers with encode, over a standard normal distribution."""

    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def encode(self, x):
        log_det = 0
        for layer in self.layers:
            x, more = layer.encode(x)
            log_det = log_det + more
        return x, log_det

    def log_density(self, x):
        z, log_det = self.encode(x)
        return log_det - 0.5 * (z * z).sum(1) - 0.5 * z.shape[1] * math.log(2 * math.pi)


class Maf(Flow):
    """Layers of MADE, the order of columns reversed from each to the next."""

    def __init__(self, dimension, layers, hidden):
        super().__init__(Made(dimension, hidden) for _ in range(layers))

    def encode(self, x):
        log_det = 0
        for layer in self.layers:
            x, more = layer.encode(x)
            x = x.flip(1)
            log_det = log_det + more
        return x, log_det

    def decode(self, z):
        for layer in reversed(self.layers):
            z = layer.decode(z.flip(1))
        return z


MIN_BIN = MIN_DERIVATIVE = 1e-3


def knots(parameters, bound):
    """Bins [..., K] from free parameters, as (knots [..., K + 1] from -bound to bound, bins)."""
    bins = parameters.shape[-1]
    sizes = MIN_BIN + (1 - MIN_BIN * bins) * functional.softmax(parameters, dim=-1)
    edges = functional.pad(sizes.cumsum(-1), (1, 0))
    return 2 * bound * edges - bound, 2 * bound * sizes


def spline(x, parameters, bins, bound):
    """Monotone rational-quadratic spline with identity tails (Durkan et al. 2019, eqs. 4 and 5).

    x [n, T], parameters [n, T, 3 bins - 1] -> value, log of the slope, both [n, T].
    """
    widths, heights, derivatives = parameters.split([bins, bins, bins - 1], dim=-1)
    left, width = knots(widths, bound)
    low, height = knots(heights, bound)
    one = math.log(math.expm1(1 - MIN_DERIVATIVE))
    slopes = MIN_DERIVATIVE + functional.softplus(functional.pad(derivatives, (1, 1), value=one))

    inside = (x > -bound) & (x < bound)
    at = x.clamp(-bound, bound)[..., None]
    index = (at >= left[..., 1:-1]).sum(-1, keepdim=True)
    left, width, low, height, slope, next_slope = (
        values.gather(-1, index)[..., 0]
        for values in (left, width, low, height, slopes, slopes[..., 1:]))

    xi = (at[..., 0] - left) / width
    rest = xi * (1 - xi)
    mean_slope = height / width
    denominator = mean_slope + (slope + next_slope - 2 * mean_slope) * rest
    value = low + height * (mean_slope * xi * xi + slope * rest) / denominator
    numerator = mean_slope ** 2 * (
        next_slope * xi * xi + 2 * mean_slope * rest + slope * (1 - xi) ** 2)
    log_slope = torch.log(numerator) - 2 * torch.log(denominator)
    return torch.where(inside, value, x), torch.where(inside, log_slope, torch.zeros_like(x))


class ResidualBlock(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.first, self.second = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)

    def forward(self, x):
        return x + self.second(functional.relu(self.first(functional.relu(x))))


class SplineCoupling(nn.Module):
    """Splines on every other column, from the columns between through a residual network."""

    def __init__(self, dimension, hidden, first, bins=8, bound=3.0):
        super().__init__()
        self.bins, self.bound, self.moved = bins, bound, len(range(first, dimension, 2))
        columns = torch.arange(dimension)
        self.register_buffer("kept_columns", columns[columns % 2 != first])
        self.register_buffer("moved_columns", columns[columns % 2 == first])
        self.net = nn.Sequential(
            nn.Linear(dimension - self.moved, hidden), ResidualBlock(hidden), ResidualBlock(hidden),
            nn.Linear(hidden, self.moved * (3 * bins - 1)))

    def encode(self, x):
        kept = x[:, self.kept_columns]
        parameters = self.net(kept).view(len(x), self.moved, -1)
        moved, log_slope = spline(x[:, self.moved_columns], parameters, self.bins, self.bound)
        y = torch.empty_like(x)
        y[:, self.kept_columns] = kept
        y[:, self.moved_columns] = moved
        return y, log_slope.sum(1)


class LuLinear(nn.Module):
    """y = L U x + b; L has a unit diagonal, that of U is positive."""

    def __init__(self, dimension):
        super().__init__()
        self.lower = nn.Parameter(torch.zeros(dimension, dimension))
        self.upper = nn.Parameter(torch.zeros(dimension, dimension))
        self.diagonal = nn.Parameter(torch.full((dimension,), math.log(math.e - 1)))
        self.bias = nn.Parameter(torch.zeros(dimension))
        self.register_buffer("identity", torch.eye(dimension))

    def encode(self, x):
        diagonal = functional.softplus(self.diagonal)
        lower = self.lower.tril(-1) + self.identity
        upper = self.upper.triu(1) + torch.diag(diagonal)
        return functional.linear(x, lower @ upper, self.bias), diagonal.log().sum()


class SplineFlow(Flow):
    """Spline couplings that take turns, with linear layers between (Durkan et al. 2019)."""

    def __init__(self, dimension, layers, hidden):
        parts = []
        for layer in range(layers):
            parts += [LuLinear(dimension)] if layer > 0 else []
            parts.append(SplineCoupling(dimension, hidden, layer % 2))
        super().__init__(parts)
