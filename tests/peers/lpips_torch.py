#!/usr/bin/env python3
"""LPIPS and E-LPIPS in plain PyTorch: what one writes without further thought (NCHW, float32, no_grad), to measure ours against.

Written from the formulas (Zhang 2018, Kettunen 2019), not tuned. Reads commands from standard input and answers each with one line of JSON:
    lpips NET A B          value and seconds of one distance; NET is squeeze or alex
    elpips SCALE A B SEED  value and seconds of one plain sample of E-LPIPS (squeeze) at that scale
A and B are files of raw float32 planes in [0, 1] with their size in the name, as in name.3x512x512.f32. WEIGHTS is the folder of safetensors files.
Usage: lpips_torch.py WEIGHTS THREADS
"""
import json
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

SHIFT = torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1)
SCALE = torch.tensor([0.458, 0.448, 0.450]).view(1, 3, 1, 1)
FIRES = (3, 4, 6, 7, 9, 10, 11, 12)


def safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    return {
        name: torch.from_numpy(np.frombuffer(data[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"]).copy())
        for name, entry in header.items() if name != "__metadata__"
    }


def convolve(x, weights, name, dropout, stride=1, padding=0):
    if dropout:
        x = x * ((torch.rand(1, *x.shape[1:]) < 0.99).float() / 0.99)
    return F.relu(F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], stride=stride, padding=padding))


def squeeze(x, weights, full, dropout):
    features = [x] if full else []
    x = convolve(x, weights, "features.0", dropout, stride=2)
    features.append(x)
    for index in FIRES:
        if index in (3, 6, 9):
            x = F.max_pool2d(x, 3, 2, ceil_mode=not full)
        s = convolve(x, weights, f"features.{index}.squeeze", dropout)
        x = torch.cat([
            convolve(s, weights, f"features.{index}.expand1x1", dropout),
            convolve(s, weights, f"features.{index}.expand3x3", dropout, padding=1),
        ], 1)
        if full or index in (4, 7, 9, 10, 11, 12):
            features.append(x)
    return features


def alex(x, weights, full, dropout):
    features = [convolve(x, weights, "features.0", dropout, stride=4, padding=2)]
    features.append(convolve(F.max_pool2d(features[-1], 3, 2), weights, "features.3", dropout, padding=2))
    features.append(convolve(F.max_pool2d(features[-1], 3, 2), weights, "features.6", dropout, padding=1))
    features.append(convolve(features[-1], weights, "features.8", dropout, padding=1))
    features.append(convolve(features[-1], weights, "features.10", dropout, padding=1))
    return features


def unit(features):
    return features / (torch.sqrt(torch.sum(features ** 2, dim=1, keepdim=True)) + 1e-10)


def distance(x, y, network, weights, heads, full=False, dropout=False):
    both = ((2 * torch.cat([x, y], 0) - 1) - SHIFT) / SCALE
    total = 0
    for layer, features in enumerate(network(both, weights, full, dropout)):
        a, b = unit(features).chunk(2, 0)
        difference = F.conv2d((a - b) ** 2, heads[f"lin{layer}.model.1.weight"])
        total = total + difference.mean([2, 3], keepdim=True)
    return total.item()


def transform(images, s, draw):
    """Both images of a pair, [2, 3, H, W], through one random transform."""
    height, width = images.shape[2:]
    if s > 1:
        oy, ox = draw.integers(0, s, 2)
        full_height, full_width = (height + 2 * (s - 1)) // s * s, (width + 2 * (s - 1)) // s * s
        images = F.pad(images, (int(ox), full_width - width - int(ox), int(oy), full_height - height - int(oy)), mode="reflect")
        images = F.avg_pool2d(images, s, s)
    ay, ax = (int(v) for v in draw.integers(0, 8, 2))
    images = F.pad(images, (7 - ax, ax, 7 - ay, ay), mode="reflect")
    axes = ([3], [2], [2, 3], [])[draw.integers(0, 4)]
    images = torch.flip(images, axes) if axes else images
    images = images.transpose(2, 3) if draw.integers(0, 2) else images
    images = images[:, draw.permutation(3).tolist()]
    return images * torch.from_numpy((0.2 + 0.8 * draw.random(3)).astype(np.float32)).view(1, 3, 1, 1)


def planes(path):
    shape = [int(size) for size in path.split(".")[-2].split("x")]
    return torch.from_numpy(np.fromfile(path, np.float32).reshape([1] + shape))


def main():
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    nets = {
        "squeeze": (squeeze, safetensors(f"{folder}/squeezenet1_1_features.safetensors"), safetensors(f"{folder}/lpips_lin_v0.1_squeeze.safetensors")),
        "alex": (alex, safetensors(f"{folder}/alexnet_features.safetensors"), safetensors(f"{folder}/lpips_lin_v0.1_alex.safetensors")),
    }
    full_heads = safetensors(f"{folder}/elpips_lin_squeeze_full_maxpool.safetensors")
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads()}), flush=True)
    for line in sys.stdin:
        what, which, *rest = line.split()
        x, y = planes(rest[0]), planes(rest[1])
        with torch.no_grad():
            start = time.perf_counter()
            if what == "lpips":
                value = distance(x, y, *nets[which])
            else:
                torch.manual_seed(int(rest[2]))
                a, b = transform(torch.cat([x, y], 0), int(which), np.random.default_rng(int(rest[2]))).contiguous().chunk(2, 0)
                value = distance(a, b, squeeze, nets["squeeze"][1], full_heads, full=True, dropout=True)
            print(json.dumps({"value": value, "seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
