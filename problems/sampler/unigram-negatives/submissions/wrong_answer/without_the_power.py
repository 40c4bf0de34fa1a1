import random


def unigram_negatives(counts, draws, seed):
    return random.Random(seed).choices(range(len(counts)), counts, k=draws)
