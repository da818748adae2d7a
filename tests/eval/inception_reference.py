"""The FID Inception network by torch.nn.functional, written from its published description and
independently of the toolkit, on weights and pictures that a formula makes.

inception_reference.py OUTPUT COUNT
    writes an NPZ file with 64, 192, 768, 2048, logits and logits_unbiased of pictures 0 ... COUNT-1
    in float64 ("float64.64"), of picture 0 in float32 ("float32.64") and with each of MISTAKES
    made on purpose ("padded-mean.64").
inception_reference.py stored
    prints the numbers that test_inception.cpp keeps.
"""
import functools
import sys

import numpy as np
import torch
import torch.nn.functional as F

MISTAKES = ("padded-mean", "mean-in-7c")


def uniform(tensor, count):
    """Numbers in [0, 1) with 24 bits: splitmix64 of the place, exact in float32."""
    with np.errstate(over="ignore"):
        z = np.uint64(tensor << 32) + np.arange(count, dtype=np.uint64)
        z = (z + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)


@functools.lru_cache(maxsize=None)
def between(tensor, count, low, high):
    """In float32, each operation rounded, as the test has it."""
    return np.float32(low) + np.float32(high - low) * uniform(tensor, count)


def picture(index):
    """[3, 299, 299] in [-1, 1]: squares of a size that differs from picture to picture, and noise."""
    side = 4 + 3 * (index % 7)
    squares = (299 + side - 1) // side
    coarse = between(100000 + 2 * index, squares * squares * 3, -0.75, 0.75)
    coarse = coarse.reshape(squares, squares, 3).repeat(side, 0).repeat(side, 1)[:299, :299]
    fine = between(100001 + 2 * index, 299 * 299 * 3, -0.25, 0.25).reshape(299, 299, 3)
    return (coarse + fine).transpose(2, 0, 1)


class Network:
    def __init__(self, precision, mistake=None):
        self.type = torch.float64 if precision == "float64" else torch.float32
        self.mistake = mistake
        self.tensor = 0  # of the weights, counted as they are met

    def tensor_of(self, count, low, high):
        values = between(self.tensor, count, low, high)
        self.tensor += 1
        return torch.from_numpy(values).to(self.type)

    def convolution(self, x, out, kernel, stride=1, padding=0):
        height, width = kernel
        inputs = x.shape[1]
        fan_in = inputs * height * width
        limit = float(np.float32(np.sqrt(np.float32(2.0 / fan_in))))
        weight = self.tensor_of(out * fan_in, -limit, limit).reshape(out, inputs, height, width)
        scale = self.tensor_of(out, 0.5, 1.0)
        shift = self.tensor_of(out, 0.0, 0.5)
        mean = self.tensor_of(out, -0.125, 0.125)
        variance = self.tensor_of(out, 0.0625, 0.5)
        y = F.conv2d(x, weight, None, stride, padding)
        return F.relu(F.batch_norm(y, mean, variance, scale, shift, False, 0.0, 1e-3))

    def mean_pool(self, x):
        return F.avg_pool2d(x, 3, 1, 1, count_include_pad=self.mistake == "padded-mean")

    def block_a(self, x, pool):
        c = self.convolution
        one = c(x, 64, (1, 1))
        five = c(c(x, 48, (1, 1)), 64, (5, 5), padding=2)
        double = c(x, 64, (1, 1))
        double = c(double, 96, (3, 3), padding=1)
        double = c(double, 96, (3, 3), padding=1)
        return torch.cat([one, five, double, c(self.mean_pool(x), pool, (1, 1))], 1)

    def block_b(self, x):
        c = self.convolution
        three = c(x, 384, (3, 3), stride=2)
        double = c(c(x, 64, (1, 1)), 96, (3, 3), padding=1)
        double = c(double, 96, (3, 3), stride=2)
        return torch.cat([three, double, F.max_pool2d(x, 3, 2)], 1)

    def block_c(self, x, inner):
        c = self.convolution
        one = c(x, 192, (1, 1))
        seven = c(x, inner, (1, 1))
        seven = c(seven, inner, (1, 7), padding=(0, 3))
        seven = c(seven, 192, (7, 1), padding=(3, 0))
        double = c(x, inner, (1, 1))
        double = c(double, inner, (7, 1), padding=(3, 0))
        double = c(double, inner, (1, 7), padding=(0, 3))
        double = c(double, inner, (7, 1), padding=(3, 0))
        double = c(double, 192, (1, 7), padding=(0, 3))
        return torch.cat([one, seven, double, c(self.mean_pool(x), 192, (1, 1))], 1)

    def block_d(self, x):
        c = self.convolution
        three = c(c(x, 192, (1, 1)), 320, (3, 3), stride=2)
        seven = c(c(x, 192, (1, 1)), 192, (1, 7), padding=(0, 3))
        seven = c(seven, 192, (7, 1), padding=(3, 0))
        seven = c(seven, 192, (3, 3), stride=2)
        return torch.cat([three, seven, F.max_pool2d(x, 3, 2)], 1)

    def block_e(self, x, pool):
        c = self.convolution
        one = c(x, 320, (1, 1))
        three = c(x, 384, (1, 1))
        three = [c(three, 384, (1, 3), padding=(0, 1)), c(three, 384, (3, 1), padding=(1, 0))]
        double = c(c(x, 448, (1, 1)), 384, (3, 3), padding=1)
        double = [c(double, 384, (1, 3), padding=(0, 1)), c(double, 384, (3, 1), padding=(1, 0))]
        return torch.cat([one, *three, *double, c(pool(x), 192, (1, 1))], 1)

    def run(self, x):
        """Of x [n, 3, 299, 299]."""
        self.tensor = 0
        c = self.convolution
        result = {}
        x = c(c(c(x, 32, (3, 3), stride=2), 32, (3, 3)), 64, (3, 3), padding=1)
        x = F.max_pool2d(x, 3, 2)
        result["64"] = x.mean((2, 3))
        x = F.max_pool2d(c(c(x, 80, (1, 1)), 192, (3, 3)), 3, 2)
        result["192"] = x.mean((2, 3))
        for pool in (32, 64, 64):
            x = self.block_a(x, pool)
        x = self.block_b(x)
        for inner in (128, 160, 160, 192):
            x = self.block_c(x, inner)
        result["768"] = x.mean((2, 3))
        x = self.block_e(self.block_d(x), self.mean_pool)
        largest = lambda x: F.max_pool2d(x, 3, 1, 1)
        x = self.block_e(x, self.mean_pool if self.mistake == "mean-in-7c" else largest)
        features = result["2048"] = x.mean((2, 3))
        weight = self.tensor_of(1008 * 2048, -0.0625, 0.0625).reshape(1008, 2048)
        bias = self.tensor_of(1008, -0.5, 0.5)
        result["logits_unbiased"] = features @ weight.T
        result["logits"] = result["logits_unbiased"] + bias
        return result


def compute(count, precision, mistake=None):
    network = Network(precision, mistake)
    pictures = torch.from_numpy(np.stack([picture(i) for i in range(count)])).to(network.type)
    with torch.no_grad():
        parts = [network.run(part) for part in pictures.split(4)]
    return {name: torch.cat([part[name] for part in parts]).numpy() for name in parts[0]}


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1] == "stored":
        for name, values in compute(1, "float64").items():
            places = np.arange(8) * (values.shape[1] // 8)
            print(name, ", ".join(f"{x:.9g}" for x in values[0, places]))
    else:
        runs = {"float64": (int(sys.argv[2]), "float64", None), "float32": (1, "float32", None)}
        runs.update({name: (1, "float32", name) for name in MISTAKES})
        np.savez(sys.argv[1], **{f"{run}.{layer}": values for run, setting in runs.items()
                                 for layer, values in compute(*setting).items()})
