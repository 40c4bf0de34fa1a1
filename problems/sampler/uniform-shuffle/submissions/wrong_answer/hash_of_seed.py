import random


def shuffled(pins, seed):
    return random.Random(hash(f"shuffle {seed}")).sample(pins, len(pins))  # another number in each process
