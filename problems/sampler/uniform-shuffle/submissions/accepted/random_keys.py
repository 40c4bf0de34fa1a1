"""Sorts by random numbers of 53 bits: two of 64 are equal with a probability below 10^-12."""

import random


def shuffled(pins, seed):
    rng = random.Random(seed)
    keys = [rng.random() for _ in pins]
    return [pin for _, pin in sorted(zip(keys, pins))]
