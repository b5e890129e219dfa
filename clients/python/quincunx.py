"""Makes a Python function a simulator of Quincunx. Copy this one file; it needs the standard library alone.

    import math, random, quincunx

    def simulate(theta, seed):
        random_numbers = random.Random(seed)
        return [theta[0] + random_numbers.gauss(0, 1)]

    quincunx.serve(simulate, outputs=["x"])

What is printed meanwhile goes to the standard error. The protocol is described in docs/guide/programs.md.
"""

import array
import json
import math
import os
import sys
import time

PROTOCOL = 1


def serve(simulate, outputs, parameters=None, version=None, mode="npy", mine=None):
    """Answers requests until there are no more.

    simulate    called as simulate(theta, seed) with a list of numbers and a whole number below 2**53, from which all
                randomness must come; gives a list of numbers (or an array with tolist), or raises an exception:
                then this simulation has failed, and its text is kept as the reason
    outputs     names, or pairs (name, shape), or how many there are
    parameters  names in the order of theta; None if any will do
    version     a text for people
    mode        what is used unless the study asks for another one: "npy" or "json"
    mine        called as mine(theta, seed, hypotheses) where joint scores and ratios are wanted; gives the outputs of
                the event that simulate makes of this seed, its joint score (a list as long as theta), and its log ratio
                to each of the hypotheses
    """
    source, sink = sys.stdin.buffer, _take_standard_output()
    greeting = json.loads(source.readline() or "{}")
    mode = greeting.get("mode", mode)
    names = outputs
    if not isinstance(outputs, int):
        names = [name if isinstance(name, str) else {"name": name[0], "shape": list(name[1])} for name in outputs]
    answer = {"quincunx": PROTOCOL, "parameters": parameters, "outputs": names, "mode": mode, "version": version}
    if mine is not None:
        answer["gives"] = ["score", "ratios"]
    _write(sink, answer)

    count = _count(outputs)
    for line in iter(source.readline, b""):
        request = json.loads(line)
        if mode == "npy":
            arrays = {name: _read_array(source) for name in request["arrays"]}
            width = arrays["theta"][1][1]
            theta, seeds = _rows(arrays["theta"][0], width), arrays["seeds"][0]
            hypotheses = _rows(arrays["hypotheses"][0], width) if "hypotheses" in arrays else []
        else:
            theta, seeds, hypotheses = request["theta"], request["seeds"], request.get("hypotheses", [])
        mined = "score" in request or bool(hypotheses)
        began = time.perf_counter()
        rows = [_one(simulate, mine if mined else None, t, int(s), hypotheses, count) for t, s in zip(theta, seeds)]
        seconds = time.perf_counter() - began
        _respond(sink, mode, request["id"], rows, count, len(theta[0]), len(hypotheses), mined, seconds)


def _one(simulate, mine, theta, seed, hypotheses, count):
    try:
        x, score, ratios = (simulate(theta, seed), None, None) if mine is None else mine(theta, seed, hypotheses)
        x = x.tolist() if hasattr(x, "tolist") else list(x)
        while x and isinstance(x[0], list):
            x = [number for row in x for number in row]
        if len(x) != count:
            return "simulate gave %d numbers, expected %d" % (len(x), count)
        return x, score, ratios
    except Exception as error:  # a failed simulation; whatever is worse ends the program
        return "%s: %s" % (type(error).__name__, error)


def _respond(sink, mode, number, rows, count, width, hypotheses, mined, seconds):
    if mode == "json":
        answer = {"id": number, "x": [row if isinstance(row, str) else _numbers(row[0]) for row in rows]}
        if mined:
            answer["score"] = [None if isinstance(row, str) else _numbers(row[1]) for row in rows]
            answer["log_ratios"] = [None if isinstance(row, str) else _numbers(row[2]) for row in rows]
        answer["seconds"] = seconds
        _write(sink, answer)
        return
    arrays = [("x", 0, count)] + ([("score", 1, width), ("log_ratios", 2, hypotheses)] if mined else [])
    failed = {str(i): row for i, row in enumerate(rows) if isinstance(row, str)}
    head = {"id": number, "rows": len(rows), "arrays": [name for name, _, _ in arrays], "seconds": seconds}
    if failed:
        head["failed"] = failed
    _write(sink, head, flush=False)
    for _, part, length in arrays:
        missing = [math.nan] * length
        data = array.array("d")
        for row in rows:
            data.extend(missing if isinstance(row, str) else row[part])
        _write_array(sink, data, (len(rows), length))
    sink.flush()


def _take_standard_output():
    # File descriptor 1 itself, so that what a library prints behind Python's back goes to the standard error too.
    sys.stdout.flush()
    sink = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    return sink


def _write(sink, message, flush=True):
    sink.write(json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n")
    if flush:
        sink.flush()


def _numbers(values):
    # JSON has no names for numbers that are not finite.
    values = values.tolist() if hasattr(values, "tolist") else values
    return [v if math.isfinite(v) else "NaN" if v != v else "Infinity" if v > 0 else "-Infinity" for v in values]


def _count(outputs):
    if isinstance(outputs, int):
        return outputs
    return sum(1 if isinstance(name, str) else math.prod(name[1]) for name in outputs)


def _rows(values, width):
    return [values[i : i + width].tolist() for i in range(0, len(values), width)]


def _read_array(source):
    start = source.read(8)
    size = int.from_bytes(source.read(2 if start[6] == 1 else 4), "little")
    head = source.read(size).decode("latin1")
    shape = [int(n) for n in head.split("(")[1].split(")")[0].split(",") if n.strip()]
    values = array.array("d" if "<f8" in head else "q")
    values.frombytes(source.read(8 * math.prod(shape)))
    if sys.byteorder == "big":
        values.byteswap()
    return values, shape


def _write_array(sink, values, shape):
    head = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d, %d), }" % shape
    head += " " * (-(len(head) + 11) % 64) + "\n"
    if sys.byteorder == "big":
        values.byteswap()
    sink.write(b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + values.tobytes())
