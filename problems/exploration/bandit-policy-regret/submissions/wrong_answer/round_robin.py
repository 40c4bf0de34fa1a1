def play(pull, arms, rounds):
    total = [0] * arms
    for t in range(rounds):
        total[t % arms] += pull(t % arms)
    return total.index(max(total))  # finds the best arm, and has not used it
