"""Machines with one best arm, at a given place; the others pay between two bounds, in percent."""


def generate(rng, arms, rounds, best, others, at):
    percent = [rng.randint(*others) for _ in range(arms)]
    percent[at] = best
    return {"arms": arms, "rounds": rounds, "percent": percent}
