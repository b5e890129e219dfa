"""The steps of `quincunx bench engine`, with torch.

usage: engine_torch.py --threads N [--quick] NAME...

Prints a line of JSON with `peer` and `detail`, then one for each row whose name (as quincunx prints it) it knows:
`name`, `threads`, `dtype`, `median`, `unit`. `quincunx bench engine --torch PYTHON` calls it and compares.

Of Debian's builds of OpenBLAS the one with OpenMP is taken where it is installed, since it shares torch's threads; the
other one starts its own, and two threads of torch are then no faster than one.
"""

import argparse
import glob
import os
import re
import statistics
import sys
import time

RATE = 1e-4


def restart_with_openmp():
    """Libraries are found when a process starts, so it starts again."""
    folders = glob.glob("/usr/lib/*/openblas-openmp")
    if folders and "QUINCUNX_PEER" not in os.environ:
        path = os.pathsep.join(folders + [p for p in [os.environ.get("LD_LIBRARY_PATH")] if p])
        os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, "LD_LIBRARY_PATH": path, "QUINCUNX_PEER": "1"})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(args.threads)
    restart_with_openmp()

    global torch, nn, F, json
    import json
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    with open("/proc/self/maps") as maps:
        blas = sorted({os.path.basename(os.path.dirname(line.split()[-1])) for line in maps if "libopenblas" in line})
    capability = next((line.split(":")[1].strip() for line in torch.__config__.show().splitlines() if "capability" in line), "?")
    detail = f"{blas[-1] if blas else 'without OpenBLAS'}, its own kernels for {capability}"
    print(json.dumps({"peer": f"torch {torch.__version__}", "detail": detail}), flush=True)
    for name in args.names:
        for dtype, call, figure, unit in rows(name):
            median = figure(measure(call, args.quick))
            print(json.dumps({"name": name, "threads": args.threads, "dtype": dtype, "median": median, "unit": unit}), flush=True)


def measure(call, quick):
    """Median time of a call over slices of about 3 ms, after a warm-up of half a second and 20 calls at least."""
    slices, length = (1, 0) if quick else (31, 3e-3)
    start, calls = time.perf_counter(), 0
    while calls < (1 if quick else 20) or (not quick and time.perf_counter() - start < 0.5):
        call()
        calls += 1
    repeats = max(1, int(length * calls / (time.perf_counter() - start)))
    times = []
    for _ in range(slices):
        start = time.perf_counter()
        for _ in range(repeats):
            call()
        times.append((time.perf_counter() - start) / repeats)
    return statistics.median(times)


def rows(name):
    """What a row of this name measures: dtype, call, time to figure, unit. Nothing for a name that is not known."""
    if match := re.fullmatch(r"product (\d+)x(\d+)x(\d+)", name):
        m, n, k = map(int, match.groups())
        for dtype in (torch.float32, torch.float64):
            a, b, c = torch.randn(m, k, dtype=dtype), torch.randn(k, n, dtype=dtype), torch.empty(m, n, dtype=dtype)
            yield str(dtype)[6:], lambda: torch.mm(a, b, out=c), lambda t: 2e-9 * m * n * k / t, "GFLOP/s"
    elif match := re.fullmatch(r"([a-z0-9 ]+), ([\d,]+) numbers", name):
        yield from elementwise(match.group(1), int(match.group(2).replace(",", "")))
    elif match := re.fullmatch(r"MLP step, 64-256x5-1, batch (\d+)", name):
        count = int(match.group(1))
        matrices = 64 * 256 + 4 * 256 * 256 + 256
        yield "float32", mlp_step(count), lambda t: 2e-9 * count * (3 * matrices - 64 * 256) / t, "GFLOP/s"
    elif match := re.fullmatch(r"NPE step, (spline|affine), batch (\d+)", name):
        yield "float32", npe_step(match.group(1), int(match.group(2))), lambda t: 1e3 * t, "ms"
    elif match := re.fullmatch(r"ratio step, batch (\d+)", name):
        yield "float32", ratio_step(int(match.group(1))), lambda t: 1e3 * t, "ms"


def elementwise(operation, n):
    x, y = torch.rand(n) * 4, torch.rand(n)
    out, matrix = torch.empty(n), x.reshape(-1, 1000)
    moved = {
        "add": (12, lambda: torch.add(x, y, out=out)),
        "multiply": (12, lambda: torch.mul(x, y, out=out)),
        "relu": (8, lambda: torch.clamp(x, min=0, out=out)),
        "sum": (4, lambda: x.sum()),
        "max": (4, lambda: x.max()),
        "sum of rows of 1000": (4, lambda: matrix.sum(1)),
        "sum of columns of 1000": (4, lambda: matrix.sum(0)),
    }
    functions = {
        "exp": lambda: torch.exp(x, out=out),
        "log": lambda: torch.log(x, out=out),
        "tanh": lambda: torch.tanh(x, out=out),
        "sigmoid": lambda: torch.sigmoid(x, out=out),
        "softplus": lambda: F.softplus(x),
        "logsumexp": lambda: x.logsumexp(0),
        "logsumexp of rows of 1000": lambda: matrix.logsumexp(1),
    }
    if operation in moved:
        size, call = moved[operation]
        yield "float32", call, lambda t: 1e-9 * size * n / t, "GB/s"
    elif operation in functions:
        yield "float32", functions[operation], lambda t: 1e-9 * n / t, "G/s"


def step_of(parameters, loss, clip=5.0):
    """A training step as our trainer takes it, with the gradient's norm clipped."""
    parameters = list(parameters)
    optimiser = torch.optim.Adam(parameters, lr=RATE, foreach=True)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss().backward()
        nn.utils.clip_grad_norm_(parameters, clip)
        optimiser.step()

    return step


def mlp_step(count):
    widths = [64] + 5 * [256]
    layers = [part for i, o in zip(widths, widths[1:]) for part in (nn.Linear(i, o), nn.ReLU())]
    network, x = nn.Sequential(*layers, nn.Linear(256, 1)), torch.randn(count, 64)
    return step_of(network.parameters(), lambda: (network(x) - 0.5).square().mean())


def ratio_step(count):
    """Two residual blocks of 50 between linear maps; joint pairs against such with another row's theta."""

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Linear(50, 50), nn.Linear(50, 50)

        def forward(self, h):
            return h + self.second(F.relu(self.first(F.relu(h))))

    network = nn.Sequential(nn.Linear(13, 50), Block(), Block(), nn.ReLU(), nn.Linear(50, 1))
    theta, x = torch.randn(count, 5), torch.randn(count, 8)

    def loss():
        pairs = torch.cat([torch.cat([theta, x], 1), torch.cat([theta.roll(-1, 0), x], 1)])
        logits = network(pairs)
        return (F.softplus(-logits[:count]).sum() + F.softplus(logits[count:]).sum()) / count

    return step_of(network.parameters(), loss)


def npe_step(kind, count):
    flow, theta, x = flow_of(kind, dimension=5, context=8), torch.randn(count, 5), torch.randn(count, 8)
    return step_of(flow.parameters(), lambda: -flow(theta, x).mean())


def flow_of(kind, dimension, context, transforms=5, hidden=50, blocks=2, bins=10, bound=5.0):
    """A masked autoregressive flow (Papamakarios et al. 2017) of affine maps or of rational-quadratic splines (Durkan et al. 2019)."""
    spline = kind == "spline"
    per = 3 * bins - 1 if spline else 2

    class MaskedLinear(nn.Linear):
        def __init__(self, into, of):
            super().__init__(len(of), len(into))
            self.register_buffer("mask", (of[None, :] <= into[:, None]).float())
            self.weight.data *= self.mask

        def forward(self, x):
            return F.linear(x, self.weight * self.mask, self.bias)

    class Conditioner(nn.Module):
        def __init__(self):
            super().__init__()
            inputs, hiddens = torch.arange(1, dimension + 1), torch.arange(hidden) % dimension
            outputs = torch.arange(dimension * per) // per
            self.first, self.context = MaskedLinear(hiddens, inputs), nn.Linear(context, hidden)
            self.blocks = nn.ModuleList(nn.ModuleList([MaskedLinear(hiddens, hiddens), MaskedLinear(hiddens, hiddens)]) for _ in range(blocks))
            self.last = MaskedLinear(outputs, hiddens)
            nn.init.zeros_(self.last.weight)
            nn.init.zeros_(self.last.bias)

        def forward(self, x, c):
            h = self.first(x) + self.context(c)
            for first, second in self.blocks:
                h = h + second(F.relu(first(F.relu(h))))
            return self.last(F.relu(h)).reshape(len(x), dimension, per)

    class LuLinear(nn.Module):
        def __init__(self):
            super().__init__()
            self.lower, self.upper = nn.Parameter(torch.zeros(dimension, dimension)), nn.Parameter(torch.zeros(dimension, dimension))
            self.diagonal, self.bias = nn.Parameter(torch.full((dimension,), 0.54)), nn.Parameter(torch.zeros(dimension))
            self.register_buffer("one", torch.eye(dimension))

        def forward(self, x):
            diagonal = F.softplus(self.diagonal) + 1e-3
            lower, upper = self.lower.tril(-1) + self.one, self.upper.triu(1) + diagonal.diag()
            return F.linear(F.linear(x, upper), lower, self.bias), diagonal.log().sum()

    class FlowDensity(nn.Module):
        def __init__(self):
            super().__init__()
            self.conditioners = nn.ModuleList(Conditioner() for _ in range(transforms))
            self.mixings = nn.ModuleList(LuLinear() for _ in range(transforms - 1))

        def forward(self, x, c):
            log_det = 0
            for i, conditioner in enumerate(self.conditioners):
                if i > 0:
                    x, more = self.mixings[i - 1](x.flip(1))
                    log_det = log_det + more
                raw = conditioner(x, c)
                x, more = spline_forward(x, raw, bins, bound) if spline else affine_forward(x, raw)
                log_det = log_det + more.sum(1)
            return log_det - 0.5 * (x.square().sum(1) + dimension * 1.8378770664093453)

    return FlowDensity()


def affine_forward(x, raw):
    scale = 5 * torch.tanh(raw[..., 1] / 5)
    return x * scale.exp() + raw[..., 0], scale


def spline_forward(x, raw, bins, bound):
    """Equations 4 to 8 of Durkan et al. 2019, with bins of a thousandth at least and the identity outside the bound."""
    shares = raw[..., :2 * bins].reshape(*x.shape, 2, bins).softmax(-1) * (1 - 1e-3 * bins) + 1e-3
    knots = F.pad(shares.cumsum(-1), (1, 0)) * (2 * bound) - bound
    slopes = F.pad(F.softplus(raw[..., 2 * bins:] + 0.5413) + 1e-3, (1, 1), value=1.0)
    inside = x.abs() < bound
    clamped = x.clamp(-bound, bound)
    index = (torch.searchsorted(knots[..., 0, :].detach().contiguous(), clamped.detach()[..., None]) - 1).clamp(0, bins - 1)
    at = index[..., None, :].expand(*x.shape, 2, 1)
    left, right = knots.gather(-1, at)[..., 0], knots.gather(-1, at + 1)[..., 0]
    (x0, y0), (x1, y1) = left.unbind(-1), right.unbind(-1)
    d0, d1 = slopes.gather(-1, index)[..., 0], slopes.gather(-1, index + 1)[..., 0]
    width, height = x1 - x0, y1 - y0
    s, t = height / width, (clamped - x0) / width
    both = t * (1 - t)
    below = s + (d1 + d0 - 2 * s) * both
    y = y0 + height * (s * t * t + d0 * both) / below
    log_slope = 2 * s.log() + (d1 * t * t + 2 * s * both + d0 * (1 - t) * (1 - t)).log() - 2 * below.log()
    return torch.where(inside, y, x), torch.where(inside, log_slope, torch.zeros_like(x))


if __name__ == "__main__":
    main()
