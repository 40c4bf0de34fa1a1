def generate(rng, n, creators, k, cap, most, star=False, alike=False):
    made = [f"creator-{rng.randrange(creators)}" for _ in range(n)]
    relevance = [rng.randint(1, most) + (most if star and creator == "creator-0" else 0) for creator in made]
    if alike:
        made = [creator.upper() if rng.random() < 0.5 else creator for creator in made]
    if star:
        made[:4], relevance[:4] = ["creator-0"] * 4, [2 * most] * 4
    return {"relevance": relevance, "creators": made, "k": k, "cap": cap}
