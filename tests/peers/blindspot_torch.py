#!/usr/bin/env python3
"""One training step of a blind-spot network in plain PyTorch: what one writes without further thought (NCHW, float32), to measure ours against.

Written from the formulas (Laine 2019: half-plane U-Net on four rotated copies, full covariance, known noise), not tuned. Reads commands from standard input and
answers each with one line of JSON:
    start FILE             float32 numbers of all layers, kernel then bias, in the order of LAYERS
    step FILE SIDE SIGMA2  one step of Adam on N crops of 3 x SIDE x SIDE; the loss before it and its seconds
With one thread, PyTorch 1.13 leaves the 1 x 1 layers to its slow path: compare with two or more.
Usage: blindspot_torch.py THREADS
"""
import json
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

LAYERS = (
    ("enc0", 3, 24, 3), ("enc1", 24, 24, 3), ("enc2", 24, 24, 3), ("enc3", 24, 24, 3),
    ("dec2a", 48, 48, 3), ("dec2b", 48, 48, 3), ("dec1a", 51, 48, 3),
    ("head0", 192, 192, 1), ("head1", 192, 48, 1), ("head2", 48, 9, 1),
)


class HalfPlaneConv(nn.Conv2d):
    """Output row r sees rows r - 2 to r."""

    def forward(self, x):
        y = super().forward(F.pad(x, (0, 0, 1, 0)))
        return y[:, :, :-1]


def shift(x):
    return F.pad(x, (0, 0, 1, 0))[:, :, :-1]


class BlindSpot(nn.Module):
    def __init__(self):
        super().__init__()
        for name, inputs, outputs, side in LAYERS:
            layer = HalfPlaneConv(inputs, outputs, 3, padding=1) if side == 3 else nn.Conv2d(inputs, outputs, 1)
            setattr(self, name, layer)
        self.act = nn.LeakyReLU(0.1)

    def forward(self, x):
        x = torch.cat([torch.rot90(x, k, (2, 3)) for k in range(4)], 0)
        y = self.act(self.enc0(x))
        pool1 = F.max_pool2d(shift(self.act(self.enc1(y))), 2)
        y = F.max_pool2d(shift(self.act(self.enc2(pool1))), 2)
        y = self.act(self.enc3(y))
        y = torch.cat([F.interpolate(y, scale_factor=2, mode="nearest"), pool1], 1)
        y = self.act(self.dec2b(self.act(self.dec2a(y))))
        y = torch.cat([F.interpolate(y, scale_factor=2, mode="nearest"), x], 1)
        y = shift(self.act(self.dec1a(y)))
        y = torch.cat([torch.rot90(part, -k, (2, 3)) for k, part in enumerate(y.chunk(4, 0))], 1)
        return self.head2(self.act(self.head1(self.act(self.head0(y)))))


def loss(prediction, observed, sigma2):
    mean, a = prediction[:, :3], prediction[:, 3:].permute(0, 2, 3, 1)
    zero = torch.zeros_like(a[..., 0])
    factor = torch.stack([
        torch.stack([a[..., 0], a[..., 1], a[..., 2]], -1),
        torch.stack([zero, a[..., 3], a[..., 4]], -1),
        torch.stack([zero, zero, a[..., 5]], -1),
    ], -2)
    s = factor @ factor.transpose(-1, -2) + sigma2 * torch.eye(3)
    s00, s01, s02, s11, s12, s22 = s[..., 0, 0], s[..., 0, 1], s[..., 0, 2], s[..., 1, 1], s[..., 1, 2], s[..., 2, 2]
    c00, c01, c02 = s11 * s22 - s12 ** 2, s02 * s12 - s01 * s22, s01 * s12 - s02 * s11
    c11, c12, c22 = s00 * s22 - s02 ** 2, s01 * s02 - s00 * s12, s00 * s11 - s01 ** 2
    determinant = s00 * c00 + s01 * c01 + s02 * c02
    d0, d1, d2 = (observed - mean).unbind(1)
    quadratic = (c00 * d0 ** 2 + c11 * d1 ** 2 + c22 * d2 ** 2 + 2 * (c01 * d0 * d1 + c02 * d0 * d2 + c12 * d1 * d2)) / determinant
    return (0.5 * quadratic + 0.5 * torch.log(determinant)).mean()


def main():
    torch.set_num_threads(int(sys.argv[1]))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    network = optimiser = None
    for line in sys.stdin:
        what, path, *rest = line.split()
        numbers = torch.from_numpy(np.fromfile(path, np.float32))
        if what == "start":
            network, offset = BlindSpot(), 0
            with torch.no_grad():
                for name, *_ in LAYERS:
                    for parameter in (getattr(network, name).weight, getattr(network, name).bias):
                        parameter.copy_(numbers[offset:offset + parameter.numel()].view_as(parameter))
                        offset += parameter.numel()
            optimiser = torch.optim.Adam(network.parameters(), lr=1e-3, betas=(0.9, 0.99), eps=1e-8)
            print(json.dumps({"value": offset, "seconds": 0}), flush=True)
            continue
        crops = numbers.view(-1, 3, int(rest[0]), int(rest[0]))
        start = time.perf_counter()
        optimiser.zero_grad()
        value = loss(network(crops), crops, float(rest[1]))
        value.backward()
        optimiser.step()
        print(json.dumps({"value": value.item(), "seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
