"""Pins with up to ``most`` links each, the same again among them; ``ends`` of them have none."""


def generate(rng, n, most, stop, walks, ends=0):
    links = [[rng.randrange(n) for _ in range(rng.randint(2, most))] for _ in range(n)]
    for pins in links:
        pins[1] = pins[0] if len(pins) > 2 else pins[1]
    start = rng.randrange(n)
    for pin in rng.sample([pin for pin in range(n) if pin != start], ends):
        links[pin] = []
    return {"links": links, "start": start, "stop": stop, "walks": walks}
