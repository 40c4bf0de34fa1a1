"""Logs of an experiment. Users' ids are far apart; some impressions are of users who are not in it."""


def generate(rng, users, impressions, variants, silent=0, lost=0.1, cases=False):
    ids = rng.sample(range(10**9), users + max(3, users // 5))
    names = [f"{rng.choice('abcxyz')}{at}" for at in range(variants)]
    if cases:  # two variants whose names differ in case only
        names = [name.upper() if at % 2 else names[at + 1] for at, name in enumerate(names)]
    assignments = [(user, rng.choice(names)) for user in ids[:users]]
    quiet = set(names[:silent])
    seeing = [user for user, variant in assignments if variant not in quiet] + ids[users:]
    rates = {user: rng.random() for user in seeing}
    seen = []
    for _ in range(impressions):
        user = rng.choice(seeing)
        clicked = None if rng.random() < lost else rng.random() < rates[user]
        seen.append((user, rng.randrange(8), clicked))
    return {"assignments": assignments, "impressions": seen}
