def play(pull, arms, rounds):
    for _ in range(rounds):
        pull(0)
    return 0
