import random


def unigram_negatives(counts, draws, seed):
    total, places = sum(count**0.75 for count in counts), []
    for pin, count in enumerate(counts):
        if count > 0:
            places += [pin] * max(1, int(100 * count**0.75 / total))  # too coarse for rare pins
    return random.Random(seed).choices(places, k=draws)
