"""Reads an ONNX file without the onnx package and computes it with torch, for TorchPeerOfOnnxTests.

usage: onnx_torch.py graph MODEL INPUTS       every node, by the torch operation of the same meaning
       onnx_torch.py mlp MODEL INPUTS         torch.nn.Linear layers with the weights of the file, and relu between them
       onnx_torch.py residual MODEL INPUTS    a residual network of torch.nn.Linear layers with the weights of the file

INPUTS is an .npz with an array for each input. Prints one JSON object: the outputs as lists of numbers, row-major.
"""

import json
import struct
import sys

import numpy
import torch

TYPES = {1: numpy.float32, 7: numpy.int64, 9: numpy.bool_, 11: numpy.float64}
TORCH = {1: torch.float32, 7: torch.int64, 9: torch.bool, 11: torch.float64}


def fields(data):
    """The wire format: field number and value, a number or bytes, one after the other."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        kind = key & 7
        if kind == 0:
            yield key >> 3, varint()
        elif kind == 1:
            at += 8
            yield key >> 3, data[at - 8:at]
        elif kind == 2:
            length = varint()
            at += length
            yield key >> 3, data[at - length:at]
        elif kind == 5:
            at += 4
            yield key >> 3, data[at - 4:at]
        else:
            raise ValueError(f"wire type {kind}")


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def numbers(value):
    """A repeated whole number: packed or alone."""
    if isinstance(value, int):
        return [signed(value)]
    padded, found, at = value, [], 0
    while at < len(padded):
        number = shift = 0
        while True:
            byte = padded[at]
            at += 1
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        found.append(signed(number))
    return found


def tensor(data):
    dims, kind, name, raw = [], 0, "", b""
    for field, value in fields(data):
        if field == 1:
            dims += numbers(value)
        elif field == 2:
            kind = value
        elif field == 8:
            name = value.decode()
        elif field == 9:
            raw = value
    return name, torch.from_numpy(numpy.frombuffer(raw, TYPES[kind]).reshape(dims).copy())


def attribute(data):
    name, kind, found = "", 0, {}
    for field, value in fields(data):
        if field == 1:
            name = value.decode()
        elif field == 20:
            kind = value
        elif field == 8:
            found.setdefault(8, []).extend(numbers(value))
        else:
            found[field] = value
    if kind == 1:
        return name, struct.unpack("<f", found[2])[0]
    if kind == 2:
        return name, signed(found.get(3, 0))
    if kind == 3:
        return name, found[4].decode()
    return name, found.get(8, [])


def read(path):
    with open(path, "rb") as file:
        graph = dict(fields(file.read()))[7]
    nodes, weights, outputs = [], {}, []
    for field, value in fields(graph):
        if field == 1:
            node = {"in": [], "out": [], "op": "", "set": {}}
            for part, content in fields(value):
                if part == 1:
                    node["in"].append(content.decode())
                elif part == 2:
                    node["out"].append(content.decode())
                elif part == 4:
                    node["op"] = content.decode()
                elif part == 5:
                    key, setting = attribute(content)
                    node["set"][key] = setting
            nodes.append(node)
        elif field == 5:
            name, values = tensor(value)
            weights[name] = values
        elif field == 12:
            outputs.append(dict(fields(value))[1].decode())
    return nodes, weights, outputs


def cumulate(x, axis, exclusive=0, reverse=0):
    x = torch.flip(x, [axis]) if reverse else x
    y = torch.cumsum(x, axis) - (x if exclusive else 0)
    return torch.flip(y, [axis]) if reverse else y


def cut(x, starts, ends, axes, steps):
    for start, end, axis, step in zip(starts.tolist(), ends.tolist(), axes.tolist(), steps.tolist()):
        places = list(range(x.shape[axis]))[slice(start, None if step < 0 and end < -(1 << 31) else end, step)]
        x = torch.index_select(x, axis, torch.tensor(places, dtype=torch.int64))
    return x


def pad(x, pads, value):
    pads, rank = pads.tolist(), x.dim()
    flat = [p for axis in reversed(range(rank)) for p in (pads[axis], pads[axis + rank])]
    return torch.nn.functional.pad(x, flat, value=float(value))


def gather(x, places, axis=0):
    y = torch.index_select(x, axis, places.reshape(-1))
    return y.reshape(x.shape[:axis] + places.shape + x.shape[axis + 1:])


def reduce(f):
    return lambda x, axes, keepdims=1: f(x, axes.tolist(), bool(keepdims))


OPERATORS = {
    "Identity": lambda x: x, "Exp": torch.exp, "Log": torch.log, "Sqrt": torch.sqrt, "Abs": torch.abs, "Neg": torch.neg,
    "Reciprocal": torch.reciprocal, "Sign": torch.sign, "Sin": torch.sin, "Cos": torch.cos, "Atan": torch.atan, "Tanh": torch.tanh,
    "Erf": torch.erf, "Sigmoid": torch.sigmoid, "Relu": torch.relu, "Softplus": torch.nn.Softplus(threshold=100),
    "LeakyRelu": lambda x, alpha=0.01: torch.nn.functional.leaky_relu(x, alpha), "Elu": lambda x, alpha=1.0: torch.nn.functional.elu(x, alpha),
    "Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div, "Pow": torch.pow, "Max": torch.maximum, "Min": torch.minimum,
    "Less": torch.lt, "LessOrEqual": torch.le, "Greater": torch.gt, "GreaterOrEqual": torch.ge, "Equal": torch.eq,
    "And": torch.logical_and, "Or": torch.logical_or, "Not": torch.logical_not, "IsNaN": torch.isnan, "IsInf": torch.isinf,
    "Where": torch.where, "Cast": lambda x, to: x.to(TORCH[to]),
    "MatMul": torch.matmul,
    "Gemm": lambda a, b, c=0, transA=0, transB=0: torch.matmul(a.T if transA else a, b.T if transB else b) + c,
    "Reshape": lambda x, shape, allowzero=0: x.reshape(shape.tolist()), "Transpose": lambda x, perm: x.permute(perm),
    "Unsqueeze": lambda x, axes: x.unsqueeze(axes.item()), "Expand": lambda x, shape: x.expand(torch.broadcast_shapes(x.shape, tuple(shape.tolist()))),
    "Concat": lambda *parts, axis: torch.cat(parts, axis), "Slice": cut, "Pad": pad, "Shape": lambda x: torch.tensor(x.shape),
    "Trilu": lambda x, k, upper=1: torch.triu(x, k.item()) if upper else torch.tril(x, k.item()),
    "Gather": gather, "GatherElements": lambda x, places, axis=0: torch.gather(x, axis, places),
    "ReduceSum": reduce(lambda x, axes, keep: torch.sum(x, axes, keepdim=keep)), "ReduceMax": reduce(lambda x, axes, keep: torch.amax(x, axes, keepdim=keep)),
    "ReduceMin": reduce(lambda x, axes, keep: torch.amin(x, axes, keepdim=keep)), "ReduceLogSumExp": reduce(torch.logsumexp),
    "Softmax": lambda x, axis=-1: torch.softmax(x, axis), "CumSum": lambda x, axis, **settings: cumulate(x, axis.item(), **settings),
}


def run_graph(nodes, values, outputs):
    for node in nodes:
        operands = [values[name] for name in node["in"] if name]
        values[node["out"][0]] = OPERATORS[node["op"]](*operands, **node["set"])
    return {name: values[name] for name in outputs}


def linear(weights, path):
    weight, bias = weights[path + ".weight"], weights[path + ".bias"]
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
    return layer


def run_mlp(weights, x):
    layers = []
    for i in range(sum(name.endswith(".weight") for name in weights)):
        layers += [torch.nn.ReLU()] if i > 0 else []
        layers.append(linear(weights, f"layers.{i}"))
    return torch.nn.Sequential(*layers)(x)


def run_residual(weights, x):
    h = linear(weights, "first")(x)
    for i in range(sum(name.endswith(".first.weight") for name in weights)):
        h = h + linear(weights, f"blocks.{i}.second")(torch.relu(linear(weights, f"blocks.{i}.first")(torch.relu(h))))
    return linear(weights, "last")(torch.relu(h))


def main(kind, model, inputs):
    nodes, weights, outputs = read(model)
    given = {name: torch.from_numpy(values) for name, values in numpy.load(inputs).items()}
    with torch.no_grad():
        if kind == "graph":
            found = run_graph(nodes, {**weights, **given}, outputs)
        else:
            found = {outputs[0]: (run_mlp if kind == "mlp" else run_residual)(weights, given["x"])}
    # JSON has no infinities: they are texts, as in the files of a run.
    print(json.dumps({name: [v if numpy.isfinite(v) else str(v) for v in y.double().reshape(-1).tolist()] for name, y in found.items()}))


main(*sys.argv[1:])
