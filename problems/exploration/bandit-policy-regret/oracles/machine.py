"""Arms with rewards of 0 or 1. The regret counts what each pull costs in expectation, not what it happened to bring."""

import random


class Refused(Exception):
    """A question about an arm that is not there: the candidate gets a ValueError with this message."""


def start(arguments, seed):
    global percent, rng, lost
    percent, rng, lost = arguments["percent"], random.Random(seed), 0


def pull(arm):
    global lost
    if not 0 <= arm < len(percent):
        raise Refused(f"there are the arms 0 to {len(percent) - 1}, found {arm}")
    lost += max(percent) - percent[arm]
    return int(100 * rng.random() < percent[arm])


def finish():
    return {"regret": lost / 100}
