"""The toolkit's Glow in PyTorch (Kingma, Dhariwal 2018): the same layers, so the same work.

encode maps images [n, channels, height, width] to noise and returns (noise, log-determinant [n]).
"""
import torch
from torch import nn
from torch.nn import functional

from peer_flows import Flow


def squeeze(x):
    """Blocks of 2 x 2 pixels become one pixel of four times the channels."""
    return functional.pixel_unshuffle(x, 2)


def zero_convolution(inputs, outputs):
    convolution = nn.Conv2d(inputs, outputs, 3, padding=1)
    nn.init.zeros_(convolution.weight)
    nn.init.zeros_(convolution.bias)
    return convolution


class ActivationNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.shift = nn.Parameter(torch.zeros(1, channels, 1, 1))
        self.log_scale = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def encode(self, x):
        pixels = x.shape[2] * x.shape[3]
        return (x - self.shift) * torch.exp(-self.log_scale), -pixels * self.log_scale.sum()


class LuConvolution(nn.Module):
    """A 1x1 convolution whose matrix is learned as P L U; starts from a random rotation."""

    def __init__(self, channels):
        super().__init__()
        order, lower, upper = torch.linalg.lu(torch.linalg.qr(torch.randn(channels, channels))[0])
        upper = upper * upper.diag().sign()
        self.lower = nn.Parameter(lower.tril(-1))
        self.upper = nn.Parameter(upper.triu(1))
        self.log_scale = nn.Parameter(upper.diag().log())
        self.register_buffer("order", order)
        self.register_buffer("identity", torch.eye(channels))

    def encode(self, x):
        lower = self.lower.tril(-1) + self.identity
        upper = self.upper.triu(1) + torch.diag(torch.exp(self.log_scale))
        matrix = self.order @ (lower @ upper)
        pixels = x.shape[2] * x.shape[3]
        return functional.conv2d(x, matrix[:, :, None, None]), pixels * self.log_scale.sum()


class Coupling(nn.Module):
    """The second half of the channels becomes x exp(s) + t, as the first half says."""

    def __init__(self, channels, hidden):
        super().__init__()
        half = channels // 2
        self.net = nn.Sequential(
            nn.Conv2d(half, hidden, 3, padding=1), nn.ReLU(inplace=True),
            nn.Conv2d(hidden, hidden, 1), nn.ReLU(inplace=True),
            zero_convolution(hidden, channels))
        self.scale = nn.Parameter(torch.ones(1, half, 1, 1))

    def encode(self, x):
        first, second = x.chunk(2, dim=1)
        s, t = self.net(first).chunk(2, dim=1)
        s = self.scale * torch.tanh(s)
        return torch.cat([first, second * torch.exp(s) + t], 1), s.flatten(1).sum(1)


class Glow(Flow):
    """Steps of activation normalisation, 1x1 convolution and affine coupling at every scale."""

    def __init__(self, planes, scales, steps, hidden):
        super().__init__([])
        self.priors = nn.ModuleList()
        channels = planes
        for scale in range(scales):
            channels *= 4
            self.layers.append(nn.ModuleList(
                layer for _ in range(steps)
                for layer in (ActivationNorm(channels), LuConvolution(channels),
                              Coupling(channels, hidden))))
            if scale < scales - 1:
                channels //= 2
                self.priors.append(zero_convolution(channels, 2 * channels))
        self.last = ActivationNorm(channels)

    def encode(self, x):
        done, log_det = [], 0
        for scale, layers in enumerate(self.layers):
            x = squeeze(x)
            for layer in layers:
                x, more = layer.encode(x)
                log_det = log_det + more
            if scale < len(self.priors):
                x, second = x.chunk(2, dim=1)
                mean, log_deviation = self.priors[scale](x).chunk(2, dim=1)
                done.append(((second - mean) * torch.exp(-log_deviation)).flatten(1))
                log_det = log_det - log_deviation.flatten(1).sum(1)
        x, more = self.last.encode(x)
        return torch.cat([x.flatten(1), *done], 1), log_det + more
