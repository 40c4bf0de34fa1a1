def play(pull, arms, rounds):
    count, total = [0] * arms, [0] * arms
    for _ in range(rounds):  # the first arm that pays, for ever
        arm = max(range(arms), key=lambda a: total[a] / count[a] if count[a] else 0.0)
        count[arm] += 1
        total[arm] += pull(arm)
    return arm
