"""Draws a probability for each arm from its posterior, and pulls the arm whose draw is the largest."""

import numpy as np


def play(pull, arms, rounds):
    rng = np.random.default_rng()
    won, lost = np.ones(arms), np.ones(arms)
    for _ in range(rounds):
        arm = int(np.argmax(rng.beta(won, lost)))
        reward = pull(arm)
        won[arm] += reward
        lost[arm] += 1 - reward
    return int(np.argmax(won / (won + lost)))
