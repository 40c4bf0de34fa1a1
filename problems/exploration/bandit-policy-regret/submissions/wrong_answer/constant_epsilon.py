import random


def play(pull, arms, rounds):
    count, mean = [0] * arms, [0.0] * arms
    for _ in range(rounds):
        arm = mean.index(max(mean))
        if random.random() < 0.9:  # goes on exploring to the end
            arm = random.randrange(arms)
        reward = pull(arm)
        count[arm] += 1
        mean[arm] += (reward - mean[arm]) / count[arm]
    return mean.index(max(mean))
