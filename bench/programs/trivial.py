"""The simulator of "quincunx bench programs": computes for as many milliseconds of processor time as the environment says."""

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "clients", "python"))
import quincunx  # noqa: E402

SECONDS = float(os.environ.get("MILLISECONDS", "0")) / 1000


def simulate(theta, seed):
    if SECONDS > 0:
        began = time.process_time()
        while time.process_time() - began < SECONDS:
            pass
    return [theta[0] + seed, theta[1]]


quincunx.serve(simulate, outputs=["x_1", "x_2"], parameters=["theta_1", "theta_2"], mode="npy")
