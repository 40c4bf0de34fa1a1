import random


def play(pull, arms, rounds):
    won, lost = [1] * arms, [1] * arms
    for _ in range(rounds):
        arm = max(range(arms), key=lambda a: random.betavariate(lost[a], won[a]))  # alpha counts successes
        if pull(arm):
            won[arm] += 1
        else:
            lost[arm] += 1
    return max(range(arms), key=lambda a: won[a] / (won[a] + lost[a]))
