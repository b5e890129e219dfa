"""The two-moons task of the sbibm benchmark (Lueckmann et al. 2021, arXiv:2101.04653): a noisy crescent that theta moves."""

import math
import random

import quincunx


def simulate(theta, seed):
    numbers = random.Random(seed)
    angle = math.pi * (numbers.random() - 0.5)
    radius = numbers.gauss(0.1, 0.01)
    return [
        radius * math.cos(angle) + 0.25 - abs(theta[0] + theta[1]) / math.sqrt(2),
        radius * math.sin(angle) + (theta[1] - theta[0]) / math.sqrt(2),
    ]


quincunx.serve(simulate, parameters=["theta_1", "theta_2"], outputs=["x_1", "x_2"], version="1")
