"""Trees of several shapes, whose names are harmless, or hold what an encoding may use itself."""

WORDS = ["kitchen", "tiles", "lamps", "garden", "roses", "paths"]
AWKWARD = ["0", "12:3", "a,b", "null", "-1", '",1"', "]", "[", ")(", '"']
AWKWARD += ["\\", "\\n", "\n", "\t", " ", "'", "|", ";", ":", "\r\n"]
AWKWARD += ["e\u0301"]  # an accent of its own: two characters that are not é
ALPHABET = "aé€漢🙂 \u200b\u0000"


def generate(rng, size, names, shape="random"):
    depths, deepest = [], {"random": 6, "chain": size, "wide": 1, "forest": 0}[shape]
    for at in range(size):
        most = min(depths[-1] + 1, deepest) if at else 0
        depths.append(rng.randint(0, most) if shape == "random" else most)
    return {"tree": [(depth, _name(rng, names)) for depth in depths]}


def _name(rng, names):
    if names == "words":
        return rng.choice(WORDS)
    if names == "empty":
        return rng.choice(["", "", "a"])
    if names == "awkward":
        return "".join(rng.choice(AWKWARD) for _ in range(rng.randint(0, 6)))
    return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(0, 12)))
