import random


def play(pull, arms, rounds):
    count, mean = [0] * arms, [0.0] * arms
    for t in range(rounds):
        if random.random() < 2 * arms / (t + 1):
            arm = random.randrange(arms)
        else:
            arm = mean.index(max(mean))
        reward = pull(arm)
        count[arm] += 1
        mean[arm] += (reward - mean[arm]) / count[arm]
    return mean.index(max(mean))
