import random


def exploration_order(scores, seed):  # draws among the two best only; equal scores stay in the order of the list
    order = sorted(range(len(scores)), key=lambda ad: -scores[ad])
    if random.Random(seed).random() < 0.3 and scores[order[1]] > 0:
        order[0], order[1] = order[1], order[0]
    return order
