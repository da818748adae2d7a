"""The same workloads in PyTorch, eager mode, on one thread: what bench.cpp compares with. The
Frechet distance is scipy's, where that is installed, as pytorch-fid and its kin compute it.

`peers.py [THREADS [NAME]]` prints `name<TAB>seconds a step` rows. Settings are the fair ones: fused Adam (foreach), no autograd
bookkeeping where none is needed, warm-up, the median of repeated blocks.
"""
import os
import sys
import time

THREADS = sys.argv[1] if len(sys.argv) > 1 else "1"
os.environ["OPENBLAS_NUM_THREADS"] = THREADS  # torch does not hold OpenBLAS's own threads

import torch

sys.dont_write_bytecode = True  # no __pycache__ among the sources
from peer_flows import Made, Maf, SplineFlow
from peer_glow import Glow
from peer_inception import frozen_inception
from peer_unet import Denoiser

torch.set_num_threads(int(THREADS))
torch.manual_seed(0)


def median_step(step, block, repeats=7, warm_up=True):
    for _ in range(block if warm_up else 0):
        step()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(block):
            step()
        times.append((time.perf_counter() - start) / block)
    return sorted(times)[len(times) // 2]


class Mlp(torch.nn.Module):
    def __init__(self, inputs, hidden, depth, outputs):
        super().__init__()
        layers, width = [], inputs
        for _ in range(depth):
            layers += [torch.nn.Linear(width, hidden), torch.nn.SiLU()]
            width = hidden
        self.net = torch.nn.Sequential(*layers, torch.nn.Linear(width, outputs))

    def forward(self, x):
        return self.net(x)


class RealNvp(torch.nn.Module):
    """Eight affine couplings over two columns, conditioner 2 x 64."""

    def __init__(self):
        super().__init__()
        self.nets = torch.nn.ModuleList(Mlp(1, 64, 2, 2) for _ in range(8))
        self.scales = torch.nn.ParameterList(torch.nn.Parameter(torch.ones(1)) for _ in range(8))

    def log_density(self, x):
        a, b = x[:, :1], x[:, 1:]
        log_det = 0
        for net, scale in zip(self.nets, self.scales):
            s, t = net(a).chunk(2, dim=1)
            s = scale * torch.tanh(s)
            a, b = b * torch.exp(s) + t, a
            log_det = log_det + s
        z = torch.cat([a, b], 1)
        return -0.5 * (z * z).sum(1) - 1.8378770664093453 + log_det[:, 0]


class ScoreNet(torch.nn.Module):
    """The toolkit's score network, 4 x 128: level features added to the first layer's bias."""

    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(2, 128)
        self.level = torch.nn.Linear(9, 128, bias=False)
        self.rest = Mlp(128, 128, 3, 2)
        self.frequencies = 0.25 * 2 * torch.pi * 2.0 ** torch.arange(4)

    def forward(self, x, sigma):
        """sigma times the score; sigma is [n, 1], or [1, 1] for all rows."""
        level = 0.25 * sigma.log()
        angles = level * self.frequencies
        features = torch.cat([level, angles.sin(), angles.cos()], 1)
        h = self.first(x / (sigma * sigma + 1).sqrt()) + self.level(features)
        return -self.rest(torch.nn.functional.silu(h))


def dsm_step():
    model = ScoreNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    data = torch.randn(20000, 2)
    levels = torch.logspace(0, -2, 10)

    def step():
        x = data[torch.randint(0, len(data), (512,))]
        sigma = levels[torch.randint(0, 10, (512, 1))]
        z = torch.randn_like(x)
        loss = 0.5 * ((model(x + sigma * z, sigma) + z) ** 2).sum(1).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return median_step(step, 40)


def ssm_step():
    """Sliced score matching with variance reduction, 64 columns, 2 x 256: a double backward pass."""
    model = Mlp(64, 256, 2, 64)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    data = torch.randn(20000, 64)

    def step():
        x = data[torch.randint(0, len(data), (256,))].requires_grad_(True)
        v = torch.randn_like(x).sign()
        score = model(x)
        product = torch.autograd.grad((v * score).sum(), x, create_graph=True)[0]
        loss = ((v * product).sum(1) + 0.5 * (score**2).sum(1)).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return median_step(step, 20)


def annealed_langevin():
    model = ScoreNet()
    x = torch.randn(4096, 2)
    sigma = torch.full((1, 1), 0.5)

    @torch.no_grad()
    def step():
        nonlocal x
        x = x + 1e-4 / sigma * model(x, sigma) + 0.0141 * torch.randn_like(x)

    return median_step(step, 20)


def heun():
    """18 steps of Heun's method over 4,096 rows, 35 evaluations."""
    model = ScoreNet()
    start = torch.randn(4096, 2)
    i = torch.arange(18) / 17
    levels = torch.cat([(1 + i * (0.01 ** (1 / 7) - 1)) ** 7, torch.zeros(1)]).reshape(-1, 1, 1)

    @torch.no_grad()
    def run():
        x = start
        for sigma, after in zip(levels[:-1], levels[1:]):
            slope = -model(x, sigma)
            there = x + (after - sigma) * slope
            if after > 0:
                there = x + 0.5 * (after - sigma) * (slope - model(there, after))
            x = there
        return x

    return median_step(run, 1)


def ode_density():
    """80 evaluations of score and exact divergence for 1,024 rows: a backward pass a column."""
    model = ScoreNet()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    x = torch.randn(1024, 2)
    levels = torch.logspace(-2, 0, 80)

    def step():
        y, total = x, 0
        for sigma in levels:
            y = y.detach().requires_grad_(True)
            level = sigma.expand(1024, 1)  # rows that step on their own have levels of their own
            score = model(y, level) / level
            trace = 0
            for j in range(2):
                trace = trace + torch.autograd.grad(score[:, j].sum(), y, retain_graph=j == 0)[0][:, j]
            with torch.no_grad():
                y = y - 0.05 * level**2 * score
                total = total - 0.05 * level[:, 0] ** 2 * trace
        return y, total

    return median_step(step, 1)


def density_step(model, columns, batch, block):
    """A training step of a flow, maximum likelihood."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    data = torch.randn(20000, columns)

    def step():
        x = data[torch.randint(0, len(data), (batch,))]
        loss = -model.log_density(x).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return median_step(step, block)


def real_nvp():
    return density_step(RealNvp(), 2, 256, 40)


def maf_step():
    return density_step(Maf(63, layers=5, hidden=512), 63, 512, 5)


def maf_density():
    model, x = Maf(63, layers=5, hidden=512), torch.randn(512, 63)
    return median_step(torch.no_grad()(lambda: model.log_density(x)), 10)


def maf_sample():
    model, z = Maf(63, layers=5, hidden=512), torch.randn(1024, 63)
    return median_step(torch.no_grad()(lambda: model.decode(z)), 1, repeats=3)


def maf784_sample():
    """One run is 784 passes, as good as a median."""
    model, u = Made(784, hidden=1024), torch.randn(100, 784)
    return median_step(torch.no_grad()(lambda: model.decode(u)), 1, repeats=1, warm_up=False)


def spline_step():
    return density_step(SplineFlow(63, layers=5, hidden=128), 63, 512, 5)


def inception():
    return median_step(frozen_inception(), 1, repeats=3, warm_up=False)


def frechet(rows):
    """Covariances at hand. One run of seconds, without a warm-up."""
    import numpy
    import scipy.linalg

    generator, dimension = numpy.random.default_rng(0), 2048
    deviations = 100.0 ** (-numpy.arange(dimension) / dimension)

    def moments():
        x = generator.standard_normal((rows, dimension)) * deviations
        return x.mean(0), numpy.cov(x, rowvar=False)

    (m1, s1), (m2, s2) = moments(), moments()

    def distance():
        root = scipy.linalg.sqrtm(s1 @ s2, disp=False)[0].real
        return ((m1 - m2) ** 2).sum() + numpy.trace(s1) + numpy.trace(s2) - 2 * numpy.trace(root)

    return median_step(distance, 1, repeats=1, warm_up=False)


def faster_layout(run):
    """Seconds of run(memory_format), of the layout of images that suits torch better."""
    return min(run(torch.contiguous_format), run(torch.channels_last))


def unet_step():
    """32 channels, 64 images of 32 x 32 x 3."""

    def run(layout):
        model = Denoiser(32).to(memory_format=layout)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
        data = torch.randn(2000, 3, 32, 32)

        def step():
            x = data[torch.randint(0, len(data), (64,))].contiguous(memory_format=layout)
            sigma = torch.exp(-1.2 + 1.2 * torch.randn(64, 1))
            z = torch.randn_like(x)
            error = (model(x + sigma[:, :, None, None] * z, sigma) + z) ** 2
            loss = ((1 + sigma * sigma) * error.flatten(1)).sum(1).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

        return median_step(step, 1, repeats=3)

    return faster_layout(run)


def unet_eval():
    """64 channels, one evaluation of 64 images."""

    def run(layout):
        model = Denoiser(64).to(memory_format=layout)
        x = torch.randn(64, 3, 32, 32).contiguous(memory_format=layout)
        sigma = torch.full((1, 1), 0.5)
        return median_step(torch.no_grad()(lambda: model(x, sigma)), 1, repeats=3)

    return faster_layout(run)


def glow_step():
    """8 steps at each of 2 scales, 128 hidden channels, 32 images of 32 x 32 x 3."""

    def run(layout):
        model = Glow(3, scales=2, steps=8, hidden=128).to(memory_format=layout)
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
        data = torch.randn(2000, 3, 32, 32)

        def step():
            x = data[torch.randint(0, len(data), (32,))].contiguous(memory_format=layout)
            loss = -model.log_density(x).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

        return median_step(step, 2, repeats=3)

    return faster_layout(run)


workloads = [("realnvp_step", real_nvp), ("dsm_step", dsm_step), ("ssm_step", ssm_step),
             ("langevin_step", annealed_langevin), ("heun", heun), ("ode_density", ode_density),
             ("maf_step", maf_step), ("maf_density", maf_density), ("maf_sample", maf_sample),
             ("maf784_sample", maf784_sample), ("spline_step", spline_step),
             ("unet_step", unet_step), ("unet_eval", unet_eval),
             ("glow_step", glow_step),
             ("inception", inception), ("frechet_2048", lambda: frechet(4000)),
             ("frechet_2048_singular", lambda: frechet(300))]

for name, workload in workloads:
    if len(sys.argv) > 2 and sys.argv[2] != name:
        continue
    try:
        print(f"{name}\t{workload():.9f}", flush=True)
    except ModuleNotFoundError as error:  # torchvision, scipy
        print(f"bench: {name}: {error}, the peer is left out", file=sys.stderr)
