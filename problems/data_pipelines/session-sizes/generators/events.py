"""Events of a few users at any time in a span; with ``pauses``, each user's follow each other after one of these."""


def generate(rng, events, users, gap, span, pauses=None):
    made, clocks = [], {}
    for _ in range(events):
        user = rng.randrange(users)
        clocks[user] = clocks.get(user, rng.randrange(-span, span)) + (rng.choice(pauses) if pauses else 0)
        made.append((user, clocks[user] if pauses else rng.randrange(-span, span)))
    rng.shuffle(made)
    return {"users": [user for user, _ in made], "times": [time for _, time in made], "gap": gap}
