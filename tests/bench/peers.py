"""The same workloads in PyTorch, eager mode, on one thread: what bench.cpp compares with.

Prints `name<TAB>seconds a step` rows. Settings are the fair ones: fused Adam (foreach), no autograd
bookkeeping where none is needed, warm-up, the median of repeated blocks.
"""
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
torch.manual_seed(0)


def median_step(step, block, repeats=7):
    for _ in range(block):
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


def real_nvp():
    model = RealNvp()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    data = torch.randn(20000, 2)

    def step():
        x = data[torch.randint(0, len(data), (256,))]
        loss = -model.log_density(x).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return median_step(step, 40)


class ScoreNet(torch.nn.Module):
    """Four hidden layers of 128, conditioned on log sigma; the score is the output over sigma."""

    def __init__(self):
        super().__init__()
        self.net = Mlp(3, 128, 4, 2)

    def forward(self, x, sigma):
        return self.net(torch.cat([x, sigma.log()], 1)) / sigma


def dsm_step():
    model = ScoreNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, foreach=True)
    data = torch.randn(20000, 2)
    levels = torch.logspace(0, -2, 10)

    def step():
        x = data[torch.randint(0, len(data), (512,))]
        sigma = levels[torch.randint(0, 10, (512, 1))]
        z = torch.randn_like(x)
        score = model(x + sigma * z, sigma)
        loss = 0.5 * ((sigma * score + z) ** 2).sum(1).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return median_step(step, 40)


def annealed_langevin():
    model = ScoreNet()
    x = torch.randn(4096, 2)
    sigma = torch.full((4096, 1), 0.5)

    @torch.no_grad()
    def step():
        nonlocal x
        x = x + 1e-4 * model(x, sigma) + 0.0141 * torch.randn_like(x)

    return median_step(step, 20)


for name, workload in [("realnvp_step", real_nvp), ("dsm_step", dsm_step),
                       ("langevin_step", annealed_langevin)]:
    print(f"{name}\t{workload():.9f}", flush=True)
