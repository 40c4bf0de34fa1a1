import random


def unigram_negatives(counts, draws, seed):
    return random.Random(seed).choices(range(len(counts)), [count**0.75 for count in counts]) * draws
