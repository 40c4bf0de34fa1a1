import math


def play(pull, arms, rounds):
    count, total = [1] * arms, [pull(arm) for arm in range(arms)]
    for t in range(1, rounds + 1):  # and rounds more
        arm = max(range(arms), key=lambda a: total[a] / count[a] + math.sqrt(2 * math.log(t) / count[a]))
        count[arm] += 1
        total[arm] += pull(arm)
    return max(range(arms), key=lambda a: count[a])
