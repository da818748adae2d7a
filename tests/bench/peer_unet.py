"""The toolkit's U-Net in PyTorch: the same layers, so the same work."""
import torch
from torch.nn import functional


def norm(channels, affine=True):
    group = min(channels, max(4, channels // 32))
    while channels % group:
        group -= 1
    return torch.nn.GroupNorm(channels // group, channels, affine=affine)


class Block(torch.nn.Module):
    def __init__(self, inputs, channels, told, attends):
        super().__init__()
        self.norm_0 = norm(inputs)
        self.convolution_0 = torch.nn.Conv2d(inputs, channels, 3, padding=1)
        self.told = torch.nn.Linear(told, 2 * channels)
        self.norm_1 = norm(channels)
        self.convolution_1 = torch.nn.Conv2d(channels, channels, 3, padding=1)
        self.shortcut = None if inputs == channels else torch.nn.Conv2d(inputs, channels, 1, bias=False)
        self.attends = attends
        if attends:
            self.norm_2 = norm(channels)
            self.query_key_value = torch.nn.Conv2d(channels, 3 * channels, 1)
            self.output = torch.nn.Conv2d(channels, channels, 1)

    def forward(self, x, told):
        h = self.convolution_0(functional.silu(self.norm_0(x)))
        factor, offset = self.told(told)[:, :, None, None].chunk(2, dim=1)
        h = functional.silu(self.norm_1(h) * (1 + factor) + offset)
        x = self.convolution_1(h) + (x if self.shortcut is None else self.shortcut(x))
        if not self.attends:
            return x
        q, k, v = self.query_key_value(self.norm_2(x)).flatten(2).chunk(3, dim=1)
        seen = torch.softmax(torch.bmm(q.transpose(1, 2), k) * q.shape[1] ** -0.5, 2)
        return x + self.output(torch.bmm(v, seen.transpose(1, 2)).reshape(x.shape))


class Unet(torch.nn.Module):
    def __init__(self, planes, side, channels, multipliers=(1, 2, 2), blocks=2, attention=(16,)):
        super().__init__()
        told = 4 * channels
        self.level = torch.nn.Sequential(torch.nn.Linear(9, told), torch.nn.SiLU(),
                                         torch.nn.Linear(told, told), torch.nn.SiLU())
        self.input = torch.nn.Conv2d(planes, channels, 3, padding=1)
        self.down, self.up = torch.nn.ModuleList(), torch.nn.ModuleList()
        width, kept = channels, [channels]
        for level, multiplier in enumerate(multipliers):
            if level > 0:
                side = (side + 1) // 2
                self.down.append(torch.nn.Conv2d(width, width, 3, stride=2, padding=1))
                kept.append(width)
            for _ in range(blocks):
                self.down.append(Block(width, channels * multiplier, told, side in attention))
                width = channels * multiplier
                kept.append(width)
        self.middle = torch.nn.ModuleList(
            Block(width, width, told, side in attention) for _ in range(2))
        for level, multiplier in reversed(list(enumerate(multipliers))):
            for _ in range(blocks + 1):
                self.up.append(Block(width + kept.pop(), channels * multiplier, told,
                                     side in attention))
                width = channels * multiplier
            if level > 0:
                side *= 2
                self.up.append(torch.nn.Conv2d(width, width, 3, padding=1))
        self.output = torch.nn.Sequential(norm(width), torch.nn.SiLU(),
                                          torch.nn.Conv2d(width, planes, 3, padding=1))

    def forward(self, x, features):
        told = self.level(features)
        h = self.input(x)
        kept = [h]
        for layer in self.down:
            h = layer(h, told) if isinstance(layer, Block) else layer(h)
            kept.append(h)
        for layer in self.middle:
            h = layer(h, told)
        for layer in self.up:
            if isinstance(layer, Block):
                h = layer(torch.cat([h, kept.pop()], 1), told)
            else:
                h = layer(functional.interpolate(h, scale_factor=2, mode="nearest"))
        return self.output(h)


class Denoiser(torch.nn.Module):
    """sigma times the score, for data of deviation 1 (Karras et al. 2022)."""

    def __init__(self, channels):
        super().__init__()
        self.net = Unet(3, 32, channels)
        self.frequencies = 0.25 * 2 * torch.pi * 2.0 ** torch.arange(4)

    def forward(self, x, sigma):
        """x [n, 3, 32, 32]; sigma [n, 1], or [1, 1] for all rows."""
        level = 0.25 * sigma.log()
        angles = level * self.frequencies
        features = torch.cat([level, angles.sin(), angles.cos()], 1)
        sigma = sigma[:, :, None, None]
        variance = sigma * sigma + 1
        return self.net(x / variance.sqrt(), features) / variance.sqrt() - sigma / variance * x
